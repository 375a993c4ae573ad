package content

// WhatsApp's limits (Cloud API reference, November 2026: messages, interactive messages,
// templates). Texts are counted in UTF-16 units: Meta does not say how it counts, and this
// is the strictest plausible reading.
const (
	maxText     = 4096 // text.body
	maxCaption  = 1024 // image, video and document
	maxBody     = 1024 // the text of interactive messages
	maxListBody = 4096 // of lists only
	maxHeader   = 60
	maxFooter   = 60

	maxButtons     = 3   // reply buttons of one message
	maxButtonID    = 256 //
	maxButtonTitle = 20  // also of the button that opens a list or a link

	maxSections       = 10
	maxRows           = 10 // in all sections together
	maxSectionTitle   = 24
	maxRowID          = 200
	maxRowTitle       = 24
	maxRowDescription = 72

	maxFlowButton = 30 // advised by Meta, without emoji

	minCards      = 2
	maxCards      = 10
	maxCardBody   = 160
	maxCardBreaks = 2 // line breaks in a card's text

	maxProducts = 30 // in all sections of a product list

	maxTemplateName    = 512
	maxTemplateText    = 1024 // of the body when its parameters are filled in: no single one may be longer
	maxTemplateHeader  = 60
	maxTemplateButtons = 10
	maxCardButtons     = 2  // of a template's card
	maxCopyCode        = 20 // coupon codes, since December 2025
	maxURL             = 2000
)

// Limits that Meta does not document. They keep out what can only be a mistake, and what
// is stored small.
const (
	maxName       = 1000 // names and addresses of places
	maxContacts   = 257  // what phones can share at once
	maxEntries    = 20   // telephones, addresses and so on of one contact
	maxField      = 1024 // one field of a contact
	maxFilename   = 240
	maxMediaID    = 64
	maxMessageID  = 512
	maxEmoji      = 32
	maxIdentifier = 256 // of products, catalogues and flows
	maxToken      = 1024
	maxParameters = 100
	maxData       = 32 << 10 // bytes of JSON for a flow
	maxViolations = 100      // told at once
)
