package simulator

// namedEvents makes samples of events that differ in their name only.
func namedEvents(sample string, names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		out[name] = sample
	}
	return out
}

func withEvents(more map[string]string, sample string, names ...string) map[string]string {
	for name, s := range namedEvents(sample, names...) {
		more[name] = s
	}
	return more
}

const (
	templateOf     = `"message_template_id":910200000000001,"message_template_name":"confirmacao_reserva","message_template_language":"pt_BR"`
	participantsOf = `"group_id":"120363000000000001","participants":[{"wa_id":"5511987654321","user_id":"BR.70231198450021937"}],"timestamp":"1795000000"`
)

// eventSamples has one value for each event of Meta's webhook pages (September 2026), by field and event. Template
// states and qualities come from the template engine too, these are for receivers that know no templates of ours.
var eventSamples = map[string]map[string]string{
	"message_template_status_update": withEvents(map[string]string{
		"REJECTED": `{"event":"",` + templateOf + `,"message_template_category":"UTILITY","reason":"INVALID_FORMAT","rejection_info":{"reason":"INVALID_FORMAT","recommendation":"Check the placeholders."}}`,
		"PAUSED":   `{"event":"",` + templateOf + `,"message_template_category":"UTILITY","reason":"NONE","other_info":{"title":"FIRST_PAUSE","description":"Paused for low quality."}}`,
		"DISABLED": `{"event":"",` + templateOf + `,"message_template_category":"UTILITY","reason":"NONE","disable_info":{"disable_date":1795000000},"other_info":{"title":"DISABLED","description":"Disabled for low quality."}}`,
	}, `{"event":"",`+templateOf+`,"message_template_category":"UTILITY","reason":null}`,
		"APPROVED", "PENDING", "FLAGGED", "IN_APPEAL", "PENDING_DELETION", "DELETED", "REINSTATED", "LOCKED", "LIMIT_EXCEEDED",
		"ARCHIVED", "UNARCHIVED"),
	"message_template_quality_update":    {"": `{"previous_quality_score":"GREEN","new_quality_score":"YELLOW",` + templateOf + `}`},
	"template_category_update":           {"": `{` + templateOf + `,"previous_category":"UTILITY","new_category":"MARKETING"}`, "impending": `{` + templateOf + `,"correct_category":"MARKETING","new_category":"UTILITY","category_update_timestamp":1795000000}`},
	"message_template_components_update": {"": `{` + templateOf + `,"message_template_element":"Olá {{1}}, até logo!","message_template_title":"Reserva","message_template_footer":"Hotel Exemplo","message_template_buttons":[{"message_template_button_type":"URL","message_template_button_text":"Ver","message_template_button_url":"https://hotel.example"}]}`},
	"phone_number_quality_update": namedEvents(`{"display_phone_number":"","event":"","max_daily_conversations_per_business":"TIER_2K"}`,
		"ONBOARDING", "THROUGHPUT_UPGRADE", "FLAGGED", "UNFLAGGED", "UPGRADE", "DOWNGRADE"),
	"phone_number_name_update": namedEvents(`{"display_phone_number":"","decision":"","requested_verified_name":"Hotel Exemplo","rejection_reason":null}`,
		"APPROVED", "DEFERRED", "PENDING", "REJECTED"),
	"business_capability_update": {
		"":        `{"max_daily_conversations_per_business":"TIER_10K","max_phone_numbers_per_business":20,"max_phone_numbers_per_waba":20}`,
		"integer": `{"max_daily_conversations_per_business":2000,"max_daily_conversation_per_phone":-1,"max_phone_numbers_per_business":2}`,
	},
	"account_update": withEvents(map[string]string{
		"ACCOUNT_VIOLATION":                        `{"event":"","violation_info":{"violation_type":"ADULT"}}`,
		"ACCOUNT_RESTRICTION":                      `{"event":"","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1795600000}]}`,
		"DISABLED_UPDATE":                          `{"event":"","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"November 30, 2026"}}`,
		"PARTNER_ADDED":                            `{"event":"","waba_info":{"waba_id":"301200000000009","owner_business_id":"200100000000001"}}`,
		"PARTNER_REMOVED":                          `{"event":"","waba_info":{"waba_id":"301200000000009","owner_business_id":"200100000000001"},"disconnection_info":{"reason":"USER_REQUEST","initiated_by":"BUSINESS"}}`,
		"BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": `{"event":"","country":"BR"}`,
		"AUTH_INTL_PRICE_ELIGIBILITY_UPDATE":       `{"event":"","auth_international_rate_eligibility":{"start_time":1795000000}}`,
		"VOLUME_BASED_PRICING_TIER_UPDATE":         `{"event":"","volume_tier_info":{"tier_update_time":1795000000,"pricing_category":"UTILITY","tier":"0:25000","effective_month":"2026-12","region":"Brazil"}}`,
	}, `{"event":""}`, "ACCOUNT_DELETED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED", "ACCOUNT_OFFBOARDED",
		"ACCOUNT_RECONNECTED", "AD_ACCOUNT_LINKED", "MM_LITE_TERMS_SIGNED", "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE"),
	"account_alerts": {
		"":                     `{"entity_type":"BUSINESS","entity_id":"200100000000001","alert_info":{"alert_severity":"WARNING","alert_status":"ACTIVE","alert_type":"INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO","alert_description":"More information is needed."}}`,
		"OBA_APPROVED":         `{"entity_type":"PHONE_NUMBER","entity_id":"401200000000001","alert_info":{"alert_severity":"INFORMATIONAL","alert_status":"NONE","alert_type":"OBA_APPROVED","alert_description":"Approved."}}`,
		"PROFILE_PICTURE_LOST": `{"entity_type":"PHONE_NUMBER","entity_id":"401200000000001","alert_info":{"alert_severity":"CRITICAL","alert_status":"ACTIVE","alert_type":"PROFILE_PICTURE_LOST","alert_description":"The profile picture was lost."}}`,
	},
	"account_review_update": namedEvents(`{"decision":""}`, "APPROVED", "REJECTED", "PENDING", "DEFERRED"),
	"security":              namedEvents(`{"display_phone_number":"","event":"","requester":"200100000000002"}`, "PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"),
	"flows": withEvents(map[string]string{
		"FLOW_STATUS_CHANGE": `{"event":"","message":"Flow Check-in changed status.","flow_id":"90210","old_status":"DRAFT","new_status":"PUBLISHED"}`,
		"ENDPOINT_LATENCY":   `{"event":"","message":"Endpoint is slow.","flow_id":"90210","threshold":3000,"alert_state":"ACTIVATED","p50_latency":3500,"p90_latency":6000,"requests_count":300}`,
	}, `{"event":"","message":"Errors rose.","flow_id":"90210","error_rate":12.5,"threshold":10,"alert_state":"ACTIVATED","errors":[{"error_type":"INVALID_SCREEN_TRANSITION","error_count":3,"error_rate":12.5}]}`,
		"CLIENT_ERROR_RATE", "ENDPOINT_ERROR_RATE", "ENDPOINT_AVAILABILITY", "FLOW_VERSION_EXPIRY_WARNING"),
	"business_username_updates": {
		"approved": `{"display_phone_number":"","username":"hotel.exemplo","status":"approved"}`,
		"reserved": `{"display_phone_number":"","username":"hotel.exemplo","status":"reserved"}`,
		"deleted":  `{"display_phone_number":"","username":"hotel.exemplo","status":"deleted"}`,
	},
	"user_preferences": {
		"stop":   `{"contacts":[{"profile":{"name":"Marina Duarte"},"wa_id":"5511987654321"}],"user_preferences":[{"wa_id":"5511987654321","detail":"User requested to stop marketing messages","category":"marketing_messages","value":"stop","timestamp":1795001100}]}`,
		"resume": `{"contacts":[{"profile":{"name":"Marina Duarte"},"wa_id":"5511987654321"}],"user_preferences":[{"wa_id":"5511987654321","detail":"User requested to resume marketing messages","category":"marketing_messages","value":"resume","timestamp":1795001100}]}`,
	},
	"smb_app_state_sync": {
		"add":    `{"state_sync":[{"type":"contact","contact":{"full_name":"Marina Duarte","first_name":"Marina","phone_number":"5511987654321"},"action":"add","metadata":{"timestamp":"1795000000"}}]}`,
		"remove": `{"state_sync":[{"type":"contact","contact":{"phone_number":"5511987654321"},"action":"remove","metadata":{"timestamp":"1795000000"}}]}`,
	},
	"history": {"declined": `{"history":[{"errors":[{"code":2593109,"title":"History sync is turned off by the business from the WhatsApp Business App","message":"History sync is turned off by the business from the WhatsApp Business App","error_data":{"details":"History sharing is turned off by the business"}}]}]}`},
	"calls": {
		"connect":   `{"contacts":[{"profile":{"name":"Marina Duarte"},"wa_id":"5511987654321"}],"calls":[{"id":"wacid.EXEMPLO0001","from":"5511987654321","to":"551133334444","event":"connect","direction":"USER_INITIATED","timestamp":"1795000210","session":{"sdp_type":"offer","sdp":"v=0\r\n"}}]}`,
		"terminate": `{"contacts":[{"profile":{"name":"Marina Duarte"},"wa_id":"5511987654321"}],"calls":[{"id":"wacid.EXEMPLO0001","from":"5511987654321","to":"551133334444","event":"terminate","direction":"USER_INITIATED","timestamp":"1795000270","status":"COMPLETED","start_time":"1795000215","end_time":"1795000270","duration":55}]}`,
		"status":    `{"statuses":[{"id":"wacid.EXEMPLO0001","type":"call","status":"RINGING","timestamp":"1795000211","recipient_id":"5511987654321"}]}`,
	},
	"standby": {"": `{"standby":{"contacts":[{"profile":{"name":"Marina Duarte"},"wa_id":"5511987654321"}],"messages":[{"from":"5511987654321","id":"wamid.STANDBY1","timestamp":"1795000000","type":"text","text":{"body":"Olá"}}]}}`},
	"group_lifecycle_update": {
		"group_create": `{"groups":[{"type":"group_create","group_id":"120363000000000001","subject":"Casamento","timestamp":"1795000000","request_id":"req1","invite_link":"https://chat.whatsapp.com/EXEMPLO"}]}`,
		"group_delete": `{"groups":[{"type":"group_delete","group_id":"120363000000000001","timestamp":"1795000000","request_id":"req2"}]}`,
	},
	"group_participants_update": {
		"group_participants_add":     `{"groups":[{"type":"group_participants_add",` + participantsOf + `}]}`,
		"group_participants_remove":  `{"groups":[{"type":"group_participants_remove",` + participantsOf + `}]}`,
		"group_join_request_created": `{"groups":[{"type":"group_join_request_created",` + participantsOf + `}]}`,
		"group_join_request_revoked": `{"groups":[{"type":"group_join_request_revoked",` + participantsOf + `}]}`,
	},
	"group_settings_update": {"": `{"groups":[{"type":"group_settings_update","group_id":"120363000000000001","timestamp":"1795000000","group_subject":{"text":"Casamento","update_successful":true}}]}`},
	"group_status_update":   {"": `{"groups":[{"type":"group_suspend","group_id":"120363000000000001","timestamp":"1795000000"}]}`},
	"messages": {
		"errors": `{"errors":[{"code":130429,"title":"Rate limit hit","message":"Rate limit hit","error_data":{"details":"Message failed to send because there were too many messages."}}]}`,
	},
}
