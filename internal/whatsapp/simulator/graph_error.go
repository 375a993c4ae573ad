package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// graphError is an answer of Meta's with an "error" object.
type graphError struct {
	status     int
	code       int
	subcode    int
	kind       string // "OAuthException" unless said otherwise
	message    string
	details    string
	retryAfter int // seconds
	noData     bool
	textData   bool   // error_data is a text
	userTitle  string // for the author of a template
	userMsg    string
}

func (e *graphError) Error() string { return e.message }

type knownError struct {
	status int
	title  string
}

// knownErrors are codes with the HTTP status and title of Meta's error pages (statuses: December 2025, the last
// version that listed them; codes without one answer 400).
var knownErrors = map[int]knownError{
	0:       {401, "AuthException"},
	1:       {400, "API Unknown"},
	2:       {503, "API Service"},
	3:       {500, "API Method"},
	4:       {400, "API Too Many Calls"},
	10:      {403, "API Permission Denied"},
	33:      {400, "Parameter value is not valid"},
	100:     {400, "Invalid parameter"},
	190:     {401, "Access token has expired"},
	200:     {403, "API Permission"},
	368:     {403, "Temporarily blocked for policies violations"},
	613:     {429, "Calls to this api have exceeded the rate limit."},
	80007:   {400, "Rate limit issues"},
	80008:   {400, "Rate limit issues"},
	130403:  {400, "Business blocked the user"},
	130429:  {400, "Rate limit hit"},
	130472:  {400, "User's number is part of an experiment"},
	130497:  {403, "Business account is restricted from messaging users in this country."},
	131000:  {500, "Something went wrong"},
	131005:  {403, "Access denied"},
	131008:  {400, "Required parameter is missing"},
	131009:  {400, "Parameter value is not valid"},
	131014:  {400, "Media download error"},
	131016:  {500, "Service unavailable"},
	131020:  {400, "Group is too small"},
	131041:  {400, "Group is unknown"},
	131044:  {400, "Business eligibility payment issue for calls"},
	131201:  {400, "Group request was done in part"},
	131021:  {400, "Recipient cannot be sender"},
	131026:  {400, "Message undeliverable"},
	131030:  {400, "Recipient phone number not in allowed list"},
	131031:  {403, "Account has been locked"},
	131037:  {400, "WhatsApp provided number needs display name approval before message can be sent."},
	131042:  {400, "Business eligibility payment issue"},
	131045:  {500, "Incorrect certificate"},
	131047:  {400, "Re-engagement message"},
	131048:  {400, "Spam rate limit hit"},
	131049:  {400, "This message was not delivered to maintain healthy ecosystem engagement."},
	131050:  {400, "User has stopped marketing messages"},
	131051:  {400, "Unsupported message type"},
	131052:  {400, "Media download error"},
	131053:  {400, "Media upload error"},
	131056:  {400, "(Business Account, Consumer Account) pair rate limit hit"},
	131057:  {500, "Account in maintenance mode"},
	131055:  {400, "Method not allowed"},
	131059:  {400, "Pagination cursor is invalid"},
	131063:  {400, "Marketing messages are disabled on Cloud API"},
	131064:  {400, "Messaging limit exceeded for template classification violations"},
	131062:  {400, "Business-scoped user ID recipients are not supported for this message"},
	132000:  {400, "Template Param Count Mismatch"},
	132001:  {404, "Template does not exist"},
	132008:  {400, "Template component is not valid"},
	132018:  {400, "Template parameters are not valid"},
	132068:  {400, "Flow is blocked"},
	132069:  {400, "Flow is throttled"},
	132005:  {400, "Template Hydrated Text Too Long"},
	132007:  {400, "Template Format Character Policy Violated"},
	132012:  {400, "Template Parameter Format Mismatch"},
	132015:  {400, "Template is Paused"},
	132016:  {400, "Template is Disabled"},
	133004:  {503, "Server Temporarily Unavailable"},
	133000:  {500, "Incomplete Deregistration"},
	133005:  {400, "Two step verification PIN Mismatch"},
	133006:  {400, "Phone number re-verification needed"},
	133008:  {400, "Too Many two step verification PIN Guesses"},
	133009:  {400, "Two step verification PIN Guessed Too Fast"},
	133015:  {400, "Please wait a few minutes before attempting to register this phone number"},
	133016:  {400, "Account register deregister rate limit exceeded"},
	134011:  {400, "WhatsApp Payments terms of service have not been accepted"},
	134100:  {400, "Only marketing templates are supported"},
	134101:  {400, "Template is still syncing"},
	134102:  {400, "Marketing messages are not available"},
	135000:  {400, "Generic user error"},
	138000:  {400, "Calling is not enabled"},
	138006:  {400, "No call permission"},
	138012:  {400, "Call limit reached"},
	139000:  {400, "Flow is blocked by integrity"},
	139001:  {400, "Flow cannot be updated"},
	139002:  {400, "Flow processing failed"},
	139003:  {400, "Flow cannot be deprecated"},
	139004:  {400, "Flow cannot be deleted"},
	139100:  {400, "Failed to block or unblock some users"},
	139101:  {400, "Block list is full"},
	139102:  {400, "Block list changed while paging"},
	139103:  {500, "Internal error of the block list"},
	147001:  {400, "Username is not available"},
	200005:  {400, "Template insights are not available"},
	2494100: {400, "Phone number is in maintenance"},
	2593107: {400, "Synchronisation was requested already"},
	2593108: {400, "Synchronisation is outside of its 24 hours"},
	2593109: {400, "The user declined to share the history"},
	133010:  {400, "Phone number Not Registered"},
	137000:  {400, "Recipient identity key mismatch"},
}

func titleOf(code int) string {
	if known, ok := knownErrors[code]; ok {
		return known.title
	}
	return "Unknown error"
}

// refusal is the usual answer for a code; an unknown code answers 400.
func refusal(code int, details string) *graphError {
	status := http.StatusBadRequest
	if known, ok := knownErrors[code]; ok {
		status = known.status
	}
	return &graphError{status: status, code: code, message: fmt.Sprintf("(#%d) %s", code, titleOf(code)), details: details}
}

func errBadToken() *graphError {
	e := refusal(190, "")
	e.message = "Invalid OAuth access token - Cannot parse access token"
	e.noData = true
	return e
}

// errOldToken is what a token answers whose time is up.
func errOldToken(since time.Time) *graphError {
	e := refusal(190, "")
	e.subcode, e.noData = 463, true
	e.message = "Error validating access token: Session has expired on " + since.UTC().Format(time.RFC1123)
	return e
}

func errNoToken() *graphError {
	e := refusal(200, "")
	e.status = http.StatusUnauthorized
	e.message = "(#200) Provide valid app ID"
	e.noData = true
	return e
}

// errNoObject is subcode 33: Meta does not tell a wrong id from a token without rights to it.
func errNoObject(method, id string) *graphError {
	verb := map[string]string{http.MethodGet: "get", http.MethodDelete: "delete"}[method]
	if verb == "" {
		verb = "post"
	}
	return &graphError{
		status: http.StatusBadRequest, code: 100, subcode: 33, kind: "GraphMethodException", noData: true,
		message: fmt.Sprintf("Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to "+
			"missing permissions, or does not support this operation", verb, id),
	}
}

func errUnknownPath(path string) *graphError {
	return &graphError{
		status: http.StatusBadRequest, code: 2500, noData: true, message: "Unknown path components: " + path,
	}
}

type errorBody struct {
	Error errorObject `json:"error"`
}

type errorObject struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	Code    int    `json:"code"`
	Subcode int    `json:"error_subcode,omitempty"`
	Title   string `json:"error_user_title,omitempty"`
	Words   string `json:"error_user_msg,omitempty"`
	Data    any    `json:"error_data,omitempty"`
	Trace   string `json:"fbtrace_id"`
}

// ErrorData carries the human explanation of an error.
type ErrorData struct {
	Product string `json:"messaging_product,omitempty"`
	Details string `json:"details"`
}

func (e *graphError) body(trace string) errorBody {
	kind := e.kind
	if kind == "" {
		kind = "OAuthException"
	}
	out := errorBody{Error: errorObject{
		Message: e.message, Type: kind, Code: e.code, Subcode: e.subcode, Title: e.userTitle, Words: e.userMsg, Trace: trace,
	}}
	switch {
	case e.textData:
		out.Error.Data = orText(e.details, titleOf(e.code))
	case !e.noData:
		details := e.details
		if details == "" {
			details = titleOf(e.code)
		}
		out.Error.Data = ErrorData{Product: "whatsapp", Details: details}
	}
	return out
}

func (s *Simulator) writeGraphError(w http.ResponseWriter, e *graphError) {
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `OAuth "Facebook Platform" "invalid_token" "`+e.message+`"`)
	}
	s.writeGraph(w, e.status, e.body(s.ids.trace()))
}

// StatusError is the form errors have inside webhooks and transcripts.
type StatusError struct {
	Code    int        `json:"code"`
	Title   string     `json:"title"`
	Message string     `json:"message"`
	Data    *ErrorData `json:"error_data,omitempty"`
	Href    string     `json:"href,omitempty"`
}

var lateDetails = map[int]string{
	131026: "Message Undeliverable.",
	131047: "More than 24 hours have passed since the recipient last replied.",
	131053: "The media could not be downloaded or its type does not match.",
}

func newStatusError(code int, details string) *StatusError {
	if details == "" {
		details = lateDetails[code]
	}
	if details == "" {
		details = titleOf(code)
	}
	return &StatusError{
		Code: code, Title: titleOf(code), Message: titleOf(code), Data: &ErrorData{Details: details},
		Href: "/documentation/business-messaging/whatsapp/support/error-codes",
	}
}
