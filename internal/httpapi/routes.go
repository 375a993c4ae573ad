package httpapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/user"
)

// route is one line of the table below.
type route struct {
	method, path string
	who          access
	roles        user.RoleSet // of people; nobody's for anybody and flows
	scope        scope
	limit        limit
	summary      string
	status       int // of success
	add          func(s *server, api huma.API, op huma.Operation)
}

// scope is what of a hotel a call may touch, for those whom its row admits.
type scope uint8

const (
	nothing       scope = iota + 1 // no rows of a hotel
	ownSelf                        // only what belongs to the caller
	seen                           // what user.Scope shows: own unit, assigned, opportunities
	wholeHotel                     // everything of the hotel, whoever calls
	wholePlatform                  // every hotel
)

// Who of the people may call.
var (
	none     = user.SetOf() // a row for anybody or for flows
	team     = user.SetOf(user.Roles...)
	sellers  = user.SetOf(user.SuperAdmin, user.TenantAdmin, user.Head, user.Sales)
	leads    = user.SetOf(user.SuperAdmin, user.TenantAdmin, user.Head)
	managers = user.SetOf(user.SuperAdmin, user.TenantAdmin)
	platform = user.SetOf(user.SuperAdmin)
)

// routes is the whole JSON surface of the product: method, path, who may call, which
// rows they reach, which limit counts, and who answers. Paths below /api are served
// below /api/v1 too, and /auth is served as /api/v1/auth too.
var routes = []route{
	{http.MethodPost, "/auth/login", anybody, none, nothing, limitNone, "Log in", 200, to((*server).login)},
	{http.MethodPost, "/auth/refresh", anybody, none, nothing, limitAPI, "Get new tokens", 200, to((*server).refresh)},
	{http.MethodGet, "/auth/me", somebody, team, ownSelf, limitAPI, "Who am I", 200, to((*server).me)},
	{http.MethodPost, "/auth/logout", somebody, team, ownSelf, limitAPI, "Log out", 200, to((*server).logout)},
	{http.MethodPost, "/auth/register", colleague, managers, wholeHotel, limitAPI, "Add somebody to the team (old path)", 201, to((*server).register)},
	{http.MethodPatch, "/auth/me", somebody, team, ownSelf, limitAPI, "Change my name and picture", 200, to((*server).saveProfile)},
	{http.MethodPost, "/auth/change-password", somebody, team, ownSelf, limitAPI, "Change my password", 200, to((*server).changePassword)},
	{http.MethodPut, "/auth/me/password", somebody, team, ownSelf, limitAPI, "Change my password (another path)", 200, to((*server).changePassword)},
	{http.MethodPost, "/auth/forgot-password", anybody, none, nothing, limitAPI, "Ask for a letter that replaces a password", 202, to((*server).forgotPassword)},
	{http.MethodPost, "/auth/reset-password", anybody, none, nothing, limitAPI, "Replace a forgotten password", 200, to((*server).resetPassword)},
	{http.MethodGet, "/auth/sessions", somebody, team, ownSelf, limitAPI, "List my log-ins", 200, to((*server).listSessions)},
	{http.MethodDelete, "/auth/sessions/{id}", somebody, team, ownSelf, limitAPI, "End one of my log-ins", 204, to((*server).endSession)},
	{http.MethodGet, "/auth/totp", somebody, team, ownSelf, limitAPI, "Have I a second factor", 200, to((*server).getSecondFactor)},
	{http.MethodPost, "/auth/totp", somebody, team, ownSelf, limitAPI, "Begin a second factor", 200, to((*server).beginSecondFactor)},
	{http.MethodPost, "/auth/totp/confirm", somebody, team, ownSelf, limitAPI, "Switch my second factor on", 200, to((*server).confirmSecondFactor)},
	{http.MethodPost, "/auth/totp/recovery-codes", somebody, team, ownSelf, limitAPI, "Get new recovery codes", 200, to((*server).newRecoveryCodes)},
	{http.MethodPost, "/auth/totp/disable", somebody, team, ownSelf, limitAPI, "Switch my second factor off", 200, to((*server).endSecondFactor)},

	{http.MethodGet, "/api/users", colleague, managers, wholeHotel, limitAPI, "List the team", 200, to((*server).listUsers)},
	{http.MethodPost, "/api/users", colleague, managers, wholeHotel, limitAPI, "Add somebody to the team", 201, to((*server).addUser)},
	{http.MethodGet, "/api/users/names", colleague, team, wholeHotel, limitAPI, "Who is who in the team", 200, to((*server).listNames)},
	{http.MethodGet, "/api/users/{id}", colleague, managers, wholeHotel, limitAPI, "Get somebody of the team", 200, to((*server).getUser)},
	{http.MethodPatch, "/api/users/{id}", colleague, managers, wholeHotel, limitAPI, "Change somebody of the team", 200, to((*server).changeUser)},
	{http.MethodPut, "/api/users/{id}", colleague, managers, wholeHotel, limitAPI, "Change somebody of the team (another method)", 200, to((*server).changeUser)},
	{http.MethodPatch, "/api/users/{id}/status", colleague, managers, wholeHotel, limitAPI, "Suspend somebody, or let them in again", 200, to((*server).setUserStatus)},
	{http.MethodDelete, "/api/users/{id}/totp", colleague, managers, wholeHotel, limitAPI, "Switch off the second factor of somebody who lost it", 204, to((*server).endUsersSecondFactor)},
	{http.MethodDelete, "/api/users/{id}", colleague, managers, wholeHotel, limitAPI, "Remove somebody from the team", 204, to((*server).removeUser)},

	{http.MethodGet, "/api/conversations", colleague, team, seen, limitAPI, "List conversations", 200, to((*server).listConversations)},
	{http.MethodPost, "/api/conversations", colleague, team, seen, limitCreate, "Open a conversation with a guest", 201, to((*server).beginConversation)},
	{http.MethodGet, "/api/conversations/stats", colleague, team, seen, limitAPI, "Count conversations", 200, to((*server).conversationStats)},
	{http.MethodGet, "/api/conversations/counts", colleague, team, seen, limitAPI, "Count conversations behind filters", 200, to((*server).countConversations)},
	{http.MethodGet, "/api/conversations/{id}", colleague, team, seen, limitAPI, "Get a conversation", 200, to((*server).getConversation)},
	{http.MethodPatch, "/api/conversations/{id}", colleague, team, seen, limitAPI, "Change a conversation", 200, to((*server).changeConversation)},
	{http.MethodPut, "/api/conversations/{id}/reservation", colleague, team, seen, limitAPI, "Write down what a guest wants to book", 200, to((*server).saveReservation)},
	{http.MethodPost, "/api/conversations/{id}/assign", colleague, team, seen, limitAPI, "Give a conversation to somebody", 200, to((*server).assign)},
	{http.MethodPost, "/api/conversations/{id}/unassign", colleague, team, seen, limitAPI, "Give a conversation back to everybody", 200, to((*server).unassign)},
	{http.MethodPost, "/api/conversations/{id}/close", colleague, team, seen, limitAPI, "Close a conversation", 200, to((*server).closeConversation)},
	{http.MethodPost, "/api/conversations/{id}/archive", colleague, team, seen, limitAPI, "Put a conversation away", 200, to((*server).archiveConversation)},
	{http.MethodPost, "/api/conversations/{id}/unarchive", colleague, team, seen, limitAPI, "Put an archived conversation back among the closed ones", 200, to((*server).unarchiveConversation)},
	{http.MethodDelete, "/api/conversations/{id}", colleague, managers, seen, limitAPI, "Delete a conversation with all its messages", 200, to((*server).deleteConversation)},
	{http.MethodPost, "/api/conversations/{id}/read", colleague, team, seen, limitAPI, "Mark a conversation read", 200, to((*server).markRead)},
	{http.MethodPatch, "/api/conversations/{id}/ia-lock", colleague, team, seen, limitAPI, "Take a conversation from the bot, or hand it back", 200, to((*server).setLock)},
	{http.MethodGet, "/api/conversations/{id}/messages", colleague, team, seen, limitAPI, "List a conversation's messages", 200, to((*server).listMessages)},
	{http.MethodPost, "/api/conversations/{id}/messages", colleague, team, seen, limitCreate, "Send a message", 201, to((*server).sendMessage)},
	{http.MethodGet, "/api/messages/conversations/{id}/messages", colleague, team, seen, limitAPI, "List a conversation's messages (old path)", 200, to((*server).listMessages)},
	{http.MethodGet, "/api/conversations/{id}/messages/stats", colleague, team, seen, limitAPI, "Count a conversation's messages", 200, to((*server).tallyMessages)},
	{http.MethodPost, "/api/conversations/{id}/messages/template", colleague, team, seen, limitCreate, "Send a template", 201, to((*server).sendTemplate)},
	{http.MethodPost, "/api/conversations/{id}/messages/buttons", colleague, team, seen, limitCreate, "Send a text with buttons", 201, to((*server).sendButtons)},
	{http.MethodPost, "/api/conversations/{id}/messages/list", colleague, team, seen, limitCreate, "Send a list to choose from", 201, to((*server).sendChoices)},
	{http.MethodPost, "/api/conversations/{id}/messages/media", colleague, team, seen, limitCreate, "Send a file", 201, to((*server).sendMedia)},
	{http.MethodPost, "/api/conversations/{id}/messages/content", colleague, team, seen, limitCreate, "Send anything that WhatsApp takes", 201, to((*server).sendContent)},
	{http.MethodPost, "/api/conversations/{id}/typing", colleague, team, seen, limitAPI, "Show the guest that somebody is typing", 204, to((*server).showTyping)},
	{http.MethodPost, "/api/conversations/{id}/notes", colleague, team, seen, limitCreate, "Leave a note for colleagues", 201, to((*server).leaveNote)},
	{http.MethodPost, "/api/conversations/{id}/scheduled", colleague, team, seen, limitCreate, "Schedule a message", 201, to((*server).schedule)},
	{http.MethodGet, "/api/conversations/{id}/scheduled", colleague, team, seen, limitAPI, "List a conversation's scheduled messages", 200, to((*server).listScheduled)},
	{http.MethodDelete, "/api/scheduled-messages/{id}", colleague, team, seen, limitAPI, "Cancel a scheduled message", 200, to((*server).cancelScheduled)},
	{http.MethodPost, "/api/messages/{id}/resend", colleague, team, seen, limitCreate, "Send a failed message again", 200, to((*server).resendMessage)},
	{http.MethodGet, "/api/messages/search", colleague, team, seen, limitAPI, "Search what was said", 200, to((*server).searchMessages)},
	{http.MethodPost, "/api/messages/{id}/read", colleague, team, seen, limitAPI, "Mark a guest's message read, and show it to the guest", 204, to((*server).readMessage)},
	{http.MethodGet, "/api/messages/conversations/{id}/stats", colleague, team, seen, limitAPI, "Count a conversation's messages (old path)", 200, to((*server).tallyMessages)},
	{http.MethodPost, "/api/messages/template", colleague, team, seen, limitCreate, "Send a template (conversationId in the body)", 201, to((*server).sendTemplateTo)},
	{http.MethodPost, "/api/messages/buttons", colleague, team, seen, limitCreate, "Send a text with buttons (conversationId in the body)", 201, to((*server).sendButtonsTo)},
	{http.MethodPost, "/api/messages/list", colleague, team, seen, limitCreate, "Send a list to choose from (conversationId in the body)", 201, to((*server).sendChoicesTo)},
	{http.MethodPost, "/api/messages/media", colleague, team, seen, limitCreate, "Send a file (conversationId in the body)", 201, to((*server).sendMediaTo)},
	{http.MethodPost, "/api/messages/content", colleague, team, seen, limitCreate, "Send anything that WhatsApp takes (conversationId in the body)", 201, to((*server).sendContentTo)},
	{http.MethodPost, "/api/messages", colleague, team, seen, limitCreate, "Send a message (conversationId in the body)", 201, to((*server).sendMessageTo)},

	{http.MethodGet, "/api/contacts", colleague, team, wholeHotel, limitAPI, "List contacts", 200, to((*server).listContacts)},
	{http.MethodGet, "/api/contacts/stats", colleague, team, wholeHotel, limitAPI, "Count contacts", 200, to((*server).countContacts)},
	{http.MethodGet, "/api/contacts/export", colleague, leads, wholeHotel, limitCreate, "Export contacts as CSV or XLSX", 200, raw((*server).exportContacts, describeExport)},
	{http.MethodPost, "/api/contacts/import/preview", colleague, managers, wholeHotel, limitCreate, "See what importing a CSV file would do", 200, raw((*server).previewImport, describePreview)},
	{http.MethodPost, "/api/contacts/import", colleague, managers, wholeHotel, limitCreate, "Import contacts from a CSV file", 200, raw((*server).importContacts, describeImport)},
	{http.MethodGet, "/api/contacts/duplicates", colleague, leads, wholeHotel, limitCreate, "Find contacts that may be one person", 200, to((*server).listDuplicates)},
	{http.MethodGet, "/api/contacts/merges", colleague, leads, wholeHotel, limitAPI, "List merges of contacts", 200, to((*server).listMerges)},
	{http.MethodPost, "/api/contacts/merges/{id}/undo", colleague, leads, wholeHotel, limitAPI, "Undo a merge, within 30 days", 200, to((*server).undoMerge)},
	{http.MethodPost, "/api/contacts/{id}/merge", colleague, leads, wholeHotel, limitAPI, "Merge another contact into this one", 200, to((*server).mergeContacts)},
	{http.MethodGet, "/api/contacts/phone/{phoneNumber}", colleague, team, wholeHotel, limitAPI, "Get a contact by phone number", 200, to((*server).contactByPhone)},
	{http.MethodPost, "/api/contacts", colleague, managers, wholeHotel, limitCreate, "Add a contact", 201, to((*server).addContact)},
	{http.MethodGet, "/api/contacts/{id}", colleague, team, wholeHotel, limitAPI, "Get a contact", 200, to((*server).getContact)},
	{http.MethodPatch, "/api/contacts/{id}", colleague, team, seen, limitAPI, "Change a contact", 200, to((*server).changeContact)},
	{http.MethodDelete, "/api/contacts/{id}", colleague, managers, wholeHotel, limitAPI, "Delete a contact without conversations", 204, to((*server).deleteContact)},
	{http.MethodGet, "/api/contacts/{id}/conversations", colleague, team, seen, limitAPI, "List a contact's conversations", 200, to((*server).listContactConversations)},

	{http.MethodGet, "/api/contacts/{id}/export", colleague, managers, wholeHotel, limitCreate, "Everything that is kept of a contact, as a ZIP", 200, raw((*server).exportContact, describeContactArchive)},
	{http.MethodPost, "/api/contacts/{id}/erase", colleague, managers, wholeHotel, limitCreate, "Erase everything that names a contact, for good", 200, to((*server).eraseContact)},
	{http.MethodGet, "/api/privacy/erasures", colleague, managers, wholeHotel, limitAPI, "List reports of erasures", 200, to((*server).listErasures)},
	{http.MethodGet, "/api/privacy/erasures/{id}", colleague, managers, wholeHotel, limitAPI, "Get the signed report of an erasure", 200, to((*server).getErasure)},
	{http.MethodGet, "/api/privacy/key", anybody, none, nothing, limitAPI, "Which keys sign reports of erasures", 200, to((*server).reportKey)},

	{http.MethodGet, "/api/escalations", colleague, team, seen, limitAPI, "List escalations", 200, to((*server).listEscalations)},
	{http.MethodGet, "/api/escalations/stats", colleague, team, seen, limitAPI, "Count escalations", 200, to((*server).countEscalations)},
	{http.MethodGet, "/api/escalations/check-ia-lock", colleague, team, seen, limitAPI, "Does a person hold the conversation with a guest", 200, to((*server).checkLock)},
	{http.MethodPost, "/api/escalations", colleague, team, seen, limitCreate, "Call for a person", 201, to((*server).escalate)},
	{http.MethodGet, "/api/escalations/{id}", colleague, team, seen, limitAPI, "Get an escalation with its first messages", 200, to((*server).getEscalation)},
	{http.MethodPatch, "/api/escalations/{id}", colleague, team, seen, limitAPI, "Change an escalation", 200, to((*server).changeEscalation)},
	{http.MethodPost, "/api/escalations/{id}/assign", colleague, team, seen, limitAPI, "Give an escalation and its conversation to somebody", 200, to((*server).assignEscalation)},
	{http.MethodPost, "/api/escalations/{id}/resolve", colleague, team, seen, limitAPI, "End an escalation, handing the guest back if wished", 200, to((*server).resolveEscalation)},

	{http.MethodGet, "/api/tags", colleague, team, wholeHotel, limitAPI, "List tags", 200, to((*server).listTags)},
	{http.MethodPost, "/api/tags", colleague, sellers, wholeHotel, limitAPI, "Make a tag", 201, to((*server).createTag)},
	{http.MethodPost, "/api/tags/conversation", colleague, team, seen, limitAPI, "Put a tag on a conversation", 200, to((*server).attachTag)},
	{http.MethodDelete, "/api/tags/conversation", colleague, team, seen, limitAPI, "Take a tag off a conversation", 200, to((*server).detachTag)},
	{http.MethodGet, "/api/tags/{id}", colleague, team, wholeHotel, limitAPI, "Get a tag", 200, to((*server).getTag)},
	{http.MethodPatch, "/api/tags/{id}", colleague, sellers, wholeHotel, limitAPI, "Change a tag", 200, to((*server).changeTag)},
	{http.MethodDelete, "/api/tags/{id}", colleague, sellers, wholeHotel, limitAPI, "Delete a tag", 204, to((*server).deleteTag)},

	{http.MethodGet, "/api/quick-replies", colleague, team, wholeHotel, limitAPI, "List quick replies", 200, to((*server).listQuickReplies)},
	{http.MethodPost, "/api/quick-replies", colleague, sellers, wholeHotel, limitAPI, "Make a quick reply", 201, to((*server).createQuickReply)},
	{http.MethodGet, "/api/quick-replies/{id}", colleague, team, wholeHotel, limitAPI, "Get a quick reply", 200, to((*server).getQuickReply)},
	{http.MethodPatch, "/api/quick-replies/{id}", colleague, sellers, wholeHotel, limitAPI, "Change a quick reply", 200, to((*server).changeQuickReply)},
	{http.MethodDelete, "/api/quick-replies/{id}", colleague, sellers, wholeHotel, limitAPI, "Delete a quick reply", 204, to((*server).deleteQuickReply)},
	{http.MethodGet, "/api/reports/overview", colleague, leads, seen, limitAPI, "How much there was to do", 200, toReport("resumo", reportOverview)},
	{http.MethodGet, "/api/reports/attendants", colleague, leads, seen, limitAPI, "Who did how much", 200, toReport("atendentes", reportAttendants)},
	{http.MethodGet, "/api/reports/hourly", colleague, leads, seen, limitAPI, "At which hours guests write", 200, toReport("horarios", reportHourly)},
	{http.MethodGet, "/api/reports/outside-hours", colleague, leads, seen, limitAPI, "Who wrote while nobody was at the desk", 200, toReport("fora-do-expediente", reportOutsideHours)},
	{http.MethodGet, "/api/reports/units", colleague, leads, seen, limitAPI, "The units compared", 200, toReport("unidades", reportUnits)},
	{http.MethodGet, "/api/reports/timeline", colleague, leads, seen, limitAPI, "Day by day", 200, toReport("por-dia", reportTimeline)},
	{http.MethodGet, "/api/reports/bot", colleague, leads, seen, limitAPI, "What the bot did", 200, toReport("robo", reportBot)},

	{http.MethodGet, "/api/tenants", somebody, platform, wholePlatform, limitAPI, "List hotels", 200, to((*server).listTenants)},
	{http.MethodPost, "/api/tenants", somebody, platform, wholePlatform, limitAPI, "Add a hotel", 201, to((*server).addTenant)},
	{http.MethodGet, "/api/tenants/{id}", somebody, platform, wholePlatform, limitAPI, "Get a hotel", 200, to((*server).getTenant)},
	{http.MethodPatch, "/api/tenants/{id}", somebody, platform, wholePlatform, limitAPI, "Change a hotel's state and plan", 200, to((*server).changeTenant)},
	{http.MethodDelete, "/api/tenants/{id}", somebody, platform, wholePlatform, limitAPI, "Delete a hotel and everything it has", 204, to((*server).removeTenant)},
	{http.MethodGet, "/api/tenants/{id}/stats", somebody, platform, wholePlatform, limitAPI, "How much goes on at a hotel", 200, to((*server).tenantStats)},

	{http.MethodGet, "/api/tenants/current", colleague, team, wholeHotel, limitAPI, "Get the hotel's settings", 200, to((*server).getSettings)},
	{http.MethodPatch, "/api/tenants/current", colleague, managers, wholeHotel, limitAPI, "Change the hotel's settings", 200, to((*server).changeSettings)},
	{http.MethodGet, "/api/tenants/whatsapp-config", colleague, managers, wholeHotel, limitAPI, "How WhatsApp is set up", 200, to((*server).getWhatsAppConfig)},
	{http.MethodPost, "/api/tenants/whatsapp-config", colleague, managers, wholeHotel, limitAPI, "Set WhatsApp up", 200, to((*server).setWhatsAppConfig)},
	{http.MethodPost, "/api/tenants/whatsapp-config/check", colleague, managers, wholeHotel, limitCreate, "Ask Meta whether WhatsApp works", 200, to((*server).checkWhatsApp)},
	{http.MethodGet, "/api/tenants/numbers", colleague, managers, wholeHotel, limitAPI, "List the hotel's WhatsApp numbers", 200, to((*server).listNumbers)},
	{http.MethodPost, "/api/tenants/numbers", colleague, managers, wholeHotel, limitAPI, "Add a WhatsApp number, or change one", 201, to((*server).addNumber)},
	{http.MethodDelete, "/api/tenants/numbers/{id}", colleague, managers, wholeHotel, limitAPI, "Remove a WhatsApp number", 204, to((*server).removeNumber)},
	{http.MethodGet, "/api/tenants/n8n-config", colleague, managers, wholeHotel, limitAPI, "How the flow is set up", 200, to((*server).getFlowConfig)},
	{http.MethodPut, "/api/tenants/n8n-config", colleague, managers, wholeHotel, limitAPI, "Set the flow up", 200, to((*server).setFlowConfig)},
	{http.MethodPost, "/api/tenants/n8n-config/test", colleague, managers, wholeHotel, limitCreate, "Post a test to the flow and see what comes back", 200, to((*server).checkFlow)},
	{http.MethodPost, "/api/tenants/n8n-config/rotate-key", colleague, managers, wholeHotel, limitAPI, "Make a new key for the flow", 200, to((*server).rotateFlowKey)},
	{http.MethodPut, "/api/tenants/n8n-config/ip-allow-list", colleague, managers, wholeHotel, limitAPI, "Say from where the flow's keys work", 200, to((*server).setAllowList)},

	{http.MethodGet, "/api/tenants/availability", colleague, managers, wholeHotel, limitAPI, "Where free rooms are known", 200, to((*server).getAvailability)},
	{http.MethodPut, "/api/tenants/availability", colleague, managers, wholeHotel, limitAPI, "Say where free rooms are known", 200, to((*server).setAvailability)},
	{http.MethodGet, "/api/tenants/availability/tariffs", colleague, managers, wholeHotel, limitAPI, "Get the table of tariffs", 200, to((*server).listTariffs)},
	{http.MethodPut, "/api/tenants/availability/tariffs", colleague, managers, wholeHotel, limitAPI, "Replace the table of tariffs", 200, to((*server).replaceTariffs)},

	{http.MethodGet, "/api/usage-tracking", colleague, managers, wholeHotel, limitAPI, "What was used, by month", 200, to((*server).listUsage)},
	{http.MethodGet, "/api/usage-tracking/current", colleague, managers, wholeHotel, limitAPI, "What is used this month, and what the plan allows", 200, to((*server).currentUsage)},

	{http.MethodGet, "/api/audit-logs", insider, managers, wholeHotel, limitAPI, "List who did what", 200, to((*server).listAudit)},
	{http.MethodPost, "/api/audit-logs/client-error", insider, team, ownSelf, limitCreate, "Report that a dashboard broke", 200, to((*server).reportClientError)},
	{http.MethodGet, "/api/audit-logs/export", insider, managers, wholeHotel, limitAPI, "Who did what, as a table", 200, auditExport},
	{http.MethodGet, "/api/audit-logs/{id}", insider, managers, wholeHotel, limitAPI, "Get an entry with what it changed", 200, to((*server).getAudit)},

	{http.MethodGet, "/api/webhook-events", insider, managers, wholeHotel, limitAPI, "List what Meta told us", 200, to((*server).listEvents)},
	{http.MethodGet, "/api/webhook-events/{id}", insider, managers, wholeHotel, limitAPI, "Get a webhook event with its payload", 200, to((*server).getEvent)},
	{http.MethodPost, "/api/webhook-events/{id}/replay", insider, managers, wholeHotel, limitAPI, "Process a webhook event again", 200, to((*server).replayEvent)},
	{http.MethodDelete, "/api/webhook-events/{id}", insider, managers, wholeHotel, limitAPI, "Throw a webhook event away", 204, to((*server).deleteEvent)},

	{http.MethodGet, "/api/whatsapp/account-events", colleague, managers, wholeHotel, limitAPI, "List what WhatsApp said of the account, its numbers and templates", 200, to((*server).listNews)},
	{http.MethodGet, "/api/whatsapp/numbers", colleague, managers, wholeHotel, limitAPI, "How WhatsApp sees the hotel's numbers", 200, to((*server).listAccountNumbers)},
	{http.MethodPost, "/api/whatsapp/numbers/sync", colleague, managers, wholeHotel, limitCreate, "Ask WhatsApp how the hotel's numbers stand", 200, to((*server).readNumbers)},
	{http.MethodPost, "/api/whatsapp/numbers/{id}/default", colleague, managers, wholeHotel, limitAPI, "Write first through this number", 200, to((*server).setDefaultNumber)},
	{http.MethodGet, "/api/whatsapp/templates", colleague, team, wholeHotel, limitAPI, "List templates", 200, to((*server).listTemplates)},
	{http.MethodPost, "/api/whatsapp/templates", colleague, managers, wholeHotel, limitCreate, "Hand a new template in to WhatsApp", 201, to((*server).createTemplate)},
	{http.MethodPost, "/api/whatsapp/templates/sync", colleague, managers, wholeHotel, limitCreate, "Fetch the templates from WhatsApp", 200, to((*server).readTemplates)},
	{http.MethodGet, "/api/whatsapp/templates/{id}", colleague, team, wholeHotel, limitAPI, "Get a template and what it needs", 200, to((*server).getTemplate)},
	{http.MethodPatch, "/api/whatsapp/templates/{id}", colleague, managers, wholeHotel, limitCreate, "Hand a template in again, changed", 200, to((*server).editTemplate)},
	{http.MethodDelete, "/api/whatsapp/templates/{id}", colleague, managers, wholeHotel, limitCreate, "Delete a template at WhatsApp", 204, to((*server).deleteTemplate)},
	{http.MethodPost, "/api/whatsapp/templates/{id}/preview", colleague, team, wholeHotel, limitAPI, "See how a template reads", 200, to((*server).previewTemplate)},

	{http.MethodGet, "/api/dead-letters", colleague, managers, wholeHotel, limitAPI, "List what was given up", 200, to((*server).listLetters)},
	{http.MethodPost, "/api/dead-letters/replay-all", colleague, managers, wholeHotel, limitAPI, "Try everything again that was given up", 200, to((*server).replayLetters)},
	{http.MethodPost, "/api/dead-letters/{id}/replay", colleague, managers, wholeHotel, limitAPI, "Try again what was given up", 200, to((*server).replayLetter)},

	{http.MethodPost, "/api/n8n/send-text", flow, none, wholeHotel, limitN8N, "Send a text as the bot", 200, to(botSendAny[BotText])},
	{http.MethodPost, "/api/n8n/send-buttons", flow, none, wholeHotel, limitN8N, "Send buttons as the bot", 200, to(botSendAny[BotButtons])},
	{http.MethodPost, "/api/n8n/send-list", flow, none, wholeHotel, limitN8N, "Send a list to choose from as the bot", 200, to(botSendAny[BotList])},
	{http.MethodPost, "/api/n8n/send-option-list", flow, none, wholeHotel, limitN8N, "Send a list (Z-API's path)", 200, to(botSendAny[BotList])},
	{http.MethodPost, "/api/n8n/send-media", flow, none, wholeHotel, limitN8N, "Send a file as the bot", 200, to((*server).botSendMedia)},
	{http.MethodPost, "/api/n8n/send-image", flow, none, wholeHotel, limitN8N, "Send a picture (Z-API's path)", 200, to(botSendFile("image"))},
	{http.MethodPost, "/api/n8n/send-video", flow, none, wholeHotel, limitN8N, "Send a video (Z-API's path)", 200, to(botSendFile("video"))},
	{http.MethodPost, "/api/n8n/send-audio", flow, none, wholeHotel, limitN8N, "Send an audio (Z-API's path)", 200, to(botSendFile("audio"))},
	{http.MethodPost, "/api/n8n/send-document", flow, none, wholeHotel, limitN8N, "Send a document (Z-API's path)", 200, to(botSendFile("document"))},
	{http.MethodPost, "/api/n8n/send-template", flow, none, wholeHotel, limitN8N, "Send an approved template as the bot", 200, to(botSendAny[BotTemplate])},
	{http.MethodPost, "/api/n8n/send-carousel", flow, none, wholeHotel, limitN8N, "Send pictures side by side as the bot", 200, to((*server).botSendCarousel)},
	{http.MethodPost, "/api/n8n/send-quick-replies", flow, none, wholeHotel, limitN8N, "Send answers to tap as the bot", 200, to(botSendAny[BotQuickReplies])},
	{http.MethodPost, "/api/n8n/set-hotel-unit", flow, none, wholeHotel, limitN8N, "Say for which unit the guest asks", 200, to((*server).botSetUnit)},
	{http.MethodPost, "/api/n8n/mark-followup-sent", flow, none, wholeHotel, limitN8N, "Note that the guest was asked again", 200, to((*server).botMarkFollowUp)},
	{http.MethodPost, "/api/n8n/mark-opportunity", flow, none, wholeHotel, limitN8N, "Note a possible sale", 200, to((*server).botMarkOpportunity)},
	{http.MethodGet, "/api/n8n/check-availability", flow, none, wholeHotel, limitN8N, "Which rooms are free", 200, to((*server).botRooms)},
	{http.MethodGet, "/api/n8n/check-room-availability", flow, none, wholeHotel, limitN8N, "Is a room free", 200, to((*server).botRoom)},
	{http.MethodPost, "/api/n8n/track-link", flow, none, wholeHotel, limitN8N, "Make a link that notes the guest's click", 200, to((*server).botTrackLink)},
	{http.MethodGet, "/api/n8n/track-click", anybody, none, nothing, limitAPI, "Note a click and lead on", 302, to((*server).trackClick)},
	{http.MethodPost, "/api/n8n/escalate", flow, none, wholeHotel, limitN8N, "Call for a person", 201, to((*server).botEscalate)},
	{http.MethodGet, "/api/n8n/check-ia-lock", flow, none, wholeHotel, limitN8N, "Does a person hold the conversation", 200, to((*server).botCheckLock)},
	{http.MethodPost, "/api/n8n/mark-read", flow, none, wholeHotel, limitN8N, "Show the guest that a message was read", 200, to((*server).botMarkRead)},

	{http.MethodPost, "/api/n8n/send-location", flow, none, wholeHotel, limitN8N, "Send a point on the map as the bot", 200, to(botSendAny[BotLocation])},
	{http.MethodPost, "/api/n8n/send-content", flow, none, wholeHotel, limitN8N, "Send anything that WhatsApp takes as the bot", 200, to(botSendAny[BotContent])},
	{http.MethodPost, "/api/n8n/send-reaction", flow, none, wholeHotel, limitN8N, "Put an emoji on a guest's message as the bot", 200, to(botSendAny[BotReaction])},
	{http.MethodGet, "/api/n8n/conversation", flow, none, wholeHotel, limitN8N, "Get a guest's conversation", 200, to((*server).botGetTalk)},
	{http.MethodPost, "/api/n8n/lock", flow, none, wholeHotel, limitN8N, "Keep the bot silent", 200, to((*server).botLockOut)},
	{http.MethodPost, "/api/n8n/unlock", flow, none, wholeHotel, limitN8N, "Let the bot speak again, unless a person holds the conversation", 200, to((*server).botUnlock)},
	{http.MethodPost, "/api/n8n/notes", flow, none, wholeHotel, limitN8N, "Leave a note for the people at the hotel", 200, to((*server).botNote)},
	{http.MethodPost, "/api/n8n/tags", flow, none, wholeHotel, limitN8N, "Put tags on a conversation and take others off", 200, to((*server).botTags)},
	{http.MethodGet, "/api/n8n/contacts/{phone}", flow, none, wholeHotel, limitN8N, "Get a guest", 200, to((*server).botGetGuest)},
	{http.MethodPatch, "/api/n8n/contacts/{phone}", flow, none, wholeHotel, limitN8N, "Write down what a guest told", 200, to((*server).botChangeGuest)},
	{http.MethodGet, "/api/n8n/me", flow, none, wholeHotel, limitN8N, "Whose key is this", 200, to((*server).botMe)},
	{http.MethodGet, "/api/n8n/webhooks", flow, none, wholeHotel, limitN8N, "List who is told what happens", 200, to((*server).listWebhooks)},
	{http.MethodPost, "/api/n8n/webhooks", flow, none, wholeHotel, limitN8N, "Have a program told what happens", 201, to((*server).createWebhook)},
	{http.MethodGet, "/api/n8n/webhooks/{id}", flow, none, wholeHotel, limitN8N, "Get who is told", 200, to((*server).getWebhook)},
	{http.MethodPatch, "/api/n8n/webhooks/{id}", flow, none, wholeHotel, limitN8N, "Change what a program is told", 200, to((*server).changeWebhook)},
	{http.MethodDelete, "/api/n8n/webhooks/{id}", flow, none, wholeHotel, limitN8N, "Tell a program nothing any more", 204, to((*server).deleteWebhook)},

	{http.MethodGet, "/api/webhooks", colleague, managers, wholeHotel, limitAPI, "List who is told what happens", 200, to((*server).listWebhooks)},
	{http.MethodPost, "/api/webhooks", colleague, managers, wholeHotel, limitAPI, "Have a program told what happens", 201, to((*server).createWebhook)},
	{http.MethodGet, "/api/webhooks/{id}", colleague, managers, wholeHotel, limitAPI, "Get who is told", 200, to((*server).getWebhook)},
	{http.MethodPatch, "/api/webhooks/{id}", colleague, managers, wholeHotel, limitAPI, "Change what a program is told, pause or resume it", 200, to((*server).changeWebhook)},
	{http.MethodDelete, "/api/webhooks/{id}", colleague, managers, wholeHotel, limitAPI, "Tell a program nothing any more", 204, to((*server).deleteWebhook)},
	{http.MethodPost, "/api/webhooks/{id}/rotate-secret", colleague, managers, wholeHotel, limitAPI, "Make a new secret to sign with", 200, to((*server).rotateWebhook)},
	{http.MethodPost, "/api/webhooks/{id}/test", colleague, managers, wholeHotel, limitCreate, "Post a ping and see what comes back", 200, to((*server).testWebhook)},
	{http.MethodGet, "/api/webhooks/{id}/deliveries", colleague, managers, wholeHotel, limitAPI, "List what a program was told", 200, to((*server).webhookLog)},
	{http.MethodPost, "/api/webhooks/{id}/deliveries/{deliveryId}/replay", colleague, managers, wholeHotel, limitAPI, "Tell a program something again", 200, to((*server).replayWebhook)},

	{http.MethodPost, "/api/media/upload", colleague, team, wholeHotel, limitMedia, "Keep a file", 201, raw((*server).upload, describeUpload)},
	{http.MethodGet, "/api/media/{tenantId}/{fileId}", anybody, none, nothing, limitMedia, "Fetch a file", 200, raw((*server).serveMedia, describeMedia)},

	{http.MethodGet, "/api/debug/tenant-info", somebody, platform, wholePlatform, limitAPI, "Which hotel does a request name", 200, to((*server).debugTenantInfo)},
	{http.MethodGet, "/api/debug/auth-info", somebody, platform, ownSelf, limitAPI, "Who does a request come from", 200, to((*server).debugAuthInfo)},
	{http.MethodGet, "/api/debug/headers", somebody, platform, ownSelf, limitAPI, "Which headers arrive", 200, to((*server).debugHeaders)},
	{http.MethodGet, "/api/debug/test-tenant/{slug}", somebody, platform, wholePlatform, limitAPI, "Is there such a hotel", 200, to((*server).debugTestTenant)},

	{http.MethodGet, "/api", anybody, none, nothing, limitAPI, "What is this", 200, to((*server).root)},
	{http.MethodGet, "/health", anybody, none, nothing, limitNone, "Is the process alive", 200, to((*server).alive)},
	{http.MethodGet, "/health/live", anybody, none, nothing, limitNone, "Is the process alive (start it again if not)", 200, to((*server).alive)},
	{http.MethodGet, "/health/ready", anybody, none, nothing, limitNone, "May requests be sent here", 200, to((*server).ready)},
	{http.MethodGet, "/api/health", anybody, none, nothing, limitNone, "Are the parts it needs alive", 200, to((*server).healthy)},
}
