package httpapi

import "encoding/json"

// examples shows for each row that takes JSON what to send. Tests hold them to what the
// document says of the body.
var examples = map[string]string{ //nolint:gosec // passwords and keys of nobody
	"POST /auth/login":               `{"email":"ana@hotel.example","password":"uma frase longa"}`,
	"POST /auth/refresh":             `{"refreshToken":"eyJhbGciOi…"}`,
	"POST /auth/register":            `{"email":"bia@hotel.example","password":"uma frase longa","name":"Bia Souza","role":"ATTENDANT","hotelUnit":"Ilhabela"}`,
	"PATCH /auth/me":                 `{"name":"Ana Lima","avatarUrl":null}`,
	"POST /auth/change-password":     `{"oldPassword":"uma frase longa","newPassword":"outra frase longa"}`,
	"PUT /auth/me/password":          `{"currentPassword":"uma frase longa","newPassword":"outra frase longa"}`,
	"POST /auth/forgot-password":     `{"email":"ana@hotel.example"}`,
	"POST /auth/reset-password":      `{"token":"from-the-letter","newPassword":"outra frase longa"}`,
	"POST /auth/totp":                `{"password":"uma frase longa"}`,
	"POST /auth/totp/confirm":        `{"code":"123456"}`,
	"POST /auth/totp/recovery-codes": `{"code":"123456"}`,
	"POST /auth/totp/disable":        `{"password":"uma frase longa","code":"123456"}`,

	"POST /api/users":              `{"email":"bia@hotel.example","password":"uma frase longa","name":"Bia Souza","role":"ATTENDANT","hotelUnit":"Ilhabela"}`,
	"PATCH /api/users/{id}":        `{"name":"Bia Lima","hotelUnit":"Camburi"}`,
	"PUT /api/users/{id}":          `{"name":"Bia Lima","hotelUnit":"Camburi"}`,
	"PATCH /api/users/{id}/status": `{"status":"SUSPENDED"}`,

	"POST /api/conversations":                        `{"contactPhoneNumber":"5512988887777","priority":"HIGH","source":"manual"}`,
	"PATCH /api/conversations/{id}":                  `{"status":"WAITING","priority":"HIGH","hotelUnit":"Ilhabela"}`,
	"PUT /api/conversations/{id}/reservation":        `{"checkIn":"2026-12-20","checkOut":"2026-12-23","adults":2,"children":1,"hotelUnit":"Ilhabela","room":"Suíte mar","valueCents":245000,"outcome":"OPEN"}`,
	"POST /api/conversations/{id}/assign":            `{"userId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11"}`,
	"PATCH /api/conversations/{id}/ia-lock":          `{"locked":true}`,
	"POST /api/conversations/{id}/messages":          `{"content":"Bom dia! Em que posso ajudar?","clientId":"tab-1-17"}`,
	"POST /api/conversations/{id}/messages/template": `{"templateName":"boas_vindas","languageCode":"pt_BR","parameters":["Ana"]}`,
	"POST /api/conversations/{id}/messages/buttons":  `{"bodyText":"Podemos confirmar?","buttons":[{"id":"sim","title":"Sim"},{"id":"nao","title":"Não"}]}`,
	"POST /api/conversations/{id}/messages/media":    `{"type":"IMAGE","mediaId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","caption":"Quarto com vista"}`,
	"POST /api/conversations/{id}/messages/content":  `{"type":"location","location":{"latitude":-23.7785,"longitude":-45.3581,"name":"Hotel Mar Azul"}}`,
	"POST /api/messages/media":                       `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","type":"DOCUMENT","url":"https://hotel.example.com/voucher.pdf","filename":"voucher.pdf"}`,
	"POST /api/messages/content":                     `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","type":"reaction","reaction":{"messageId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","emoji":"👍"}}`,
	"POST /api/conversations/{id}/close":             `{"reason":"Reserva confirmada"}`,
	"POST /api/conversations/{id}/notes":             `{"text":"Pediu berço. @Célia confirma?","mentions":["0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11"]}`,
	"POST /api/conversations/{id}/scheduled":         `{"sendAt":"2026-12-24T12:00:00Z","type":"text","text":{"body":"Feliz Natal!"}}`,
	"POST /api/messages/{id}/resend":                 `{"resends":0}`,
	"POST /api/conversations/{id}/messages/list":     `{"bodyText":"Qual unidade?","buttonText":"Ver unidades","sections":[{"title":"Unidades","rows":[{"id":"ilhabela","title":"Ilhabela"}]}]}`,
	"POST /api/messages":                             `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","content":"Bom dia!"}`,
	"POST /api/messages/template":                    `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","templateName":"boas_vindas","parameters":["Ana"]}`,
	"POST /api/messages/buttons":                     `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","bodyText":"Podemos confirmar?","buttons":[{"id":"sim","title":"Sim"}]}`,
	"POST /api/messages/list":                        `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","bodyText":"Qual unidade?","buttonText":"Ver unidades","sections":[{"title":"Unidades","rows":[{"id":"ilhabela","title":"Ilhabela"}]}]}`,

	"POST /api/webhooks":              `{"url":"https://n8n.hotel.example/webhook/reservas","events":["message.received","escalation.created"],"options":{"onlyUnlocked":true},"description":"Fluxo de reservas"}`,
	"PATCH /api/webhooks/{id}":        `{"paused":false}`,
	"POST /api/n8n/send-location":     `{"phone":"5512988887777","latitude":-23.7785,"longitude":"-45.3581","name":"Hotel Mar Azul"}`,
	"POST /api/n8n/send-content":      `{"phone":"5512988887777","type":"link","link":{"body":"Veja as fotos dos quartos.","label":"Ver fotos","url":"https://hotel.example/quartos"}}`,
	"POST /api/n8n/send-reaction":     `{"phone":"5512988887777","messageId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","reaction":"👍"}`,
	"POST /api/n8n/lock":              `{"phone":"5512988887777"}`,
	"POST /api/n8n/unlock":            `{"phone":"5512988887777"}`,
	"POST /api/n8n/notes":             `{"phone":"5512988887777","note":"Quer quarto com berço"}`,
	"POST /api/n8n/tags":              `{"phone":"5512988887777","add":["VIP"],"remove":["Novo"]}`,
	"PATCH /api/n8n/contacts/{phone}": `{"name":"Carla Dias","email":"carla@example.com"}`,
	"POST /api/n8n/webhooks":          `{"url":"https://n8n.hotel.example/webhook/reservas","events":["message.received"]}`,
	"PATCH /api/n8n/webhooks/{id}":    `{"events":["message.received","button.clicked"]}`,

	"POST /api/contacts":            `{"phoneNumber":"5512988887777","name":"Carla Dias","email":"carla@example.com","metadata":{"notes":"Prefere andar alto"}}`,
	"PATCH /api/contacts/{id}":      `{"name":"Carla Dias","companyName":"Acme"}`,
	"POST /api/contacts/{id}/merge": `{"otherId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11"}`,
	"POST /api/contacts/{id}/erase": `{"confirm":"5512988887777","reason":"Pedido do titular, protocolo 17"}`,

	"POST /api/escalations":              `{"contactPhoneNumber":"5512988887777","reason":"USER_REQUESTED","hotelUnit":"Ilhabela","aiContext":{"summary":"Quer mudar a data"}}`,
	"PATCH /api/escalations/{id}":        `{"status":"RESOLVED","notes":"Data mudada"}`,
	"POST /api/escalations/{id}/assign":  `{"userId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11"}`,
	"POST /api/escalations/{id}/resolve": `{"handBack":true,"notes":"Data mudada"}`,

	"POST /api/tags":                `{"name":"VIP","color":"#3B82F6"}`,
	"PATCH /api/tags/{id}":          `{"color":"#10B981"}`,
	"POST /api/tags/conversation":   `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","tagId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c12"}`,
	"DELETE /api/tags/conversation": `{"conversationId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c11","tagId":"0198a6c0-7b1e-7c3a-9d50-3f0f6f2b1c12"}`,
	"POST /api/quick-replies":       `{"title":"Café da manhã","shortcut":"cafe","content":"O café é servido das 7 às 10.","category":"Restaurante"}`,
	"PATCH /api/quick-replies/{id}": `{"content":"O café é servido das 7 às 11.","isActive":true}`,

	"POST /api/tenants":                         `{"name":"Hotel Mar","slug":"hotel-mar","email":"gerencia@hotelmar.example","plan":"PROFESSIONAL"}`,
	"PATCH /api/tenants/{id}":                   `{"status":"ACTIVE","plan":"PRO"}`,
	"PATCH /api/tenants/current":                `{"timeZone":"America/Sao_Paulo","units":["Ilhabela","Camburi"]}`,
	"POST /api/tenants/whatsapp-config":         `{"whatsappPhoneNumberId":"106540352242922","whatsappAccessToken":"EAAG…","whatsappBusinessAccountId":"102290129340398","whatsappAppSecret":"0123456789abcdef0123456789abcdef"}`,
	"POST /api/whatsapp/templates":              `{"name":"confirmacao_reserva","language":"pt_BR","category":"UTILITY","components":{"body":"Olá {{nome}}, sua reserva está confirmada.","examples":["Marina"],"footer":"Hotel Exemplo","buttons":[{"type":"QUICK_REPLY","text":"Confirmar"}]}}`,
	"PATCH /api/whatsapp/templates/{id}":        `{"components":{"body":"Olá {{nome}}, sua reserva está confirmada!","examples":["Marina"]}}`,
	"POST /api/whatsapp/templates/{id}/preview": `{"parameters":["Marina"]}`,
	"POST /api/tenants/numbers":                 `{"phoneNumberId":"106540352242923","accessToken":"EAAG…","businessAccountId":"102290129340398"}`,
	"PUT /api/tenants/n8n-config":               `{"n8nWebhookUrl":"https://n8n.example.com/webhook/hotel-mar"}`,
	"POST /api/tenants/n8n-config/rotate-key":   `{"overlapHours":24}`,
	"PUT /api/tenants/n8n-config/ip-allow-list": `{"ipAllowList":["203.0.113.7","198.51.100.0/24"]}`,

	"POST /api/audit-logs/client-error": `{"message":"Cannot read properties of undefined","url":"https://app.example.com/dashboard"}`,
	"POST /api/dead-letters/replay-all": `{"kind":"handoff"}`,

	"PUT /api/tenants/availability":         `{"kind":"http","url":"https://reservas.example.com/livres","secret":"…","companyId":"hotel-mar"}`,
	"PUT /api/tenants/availability/tariffs": `{"tariffs":[{"unit":"Ilhabela","room":"Luxo","from":"2026-12-01","until":"2026-12-31","price":450,"vacancies":3,"maxAdults":2}]}`,

	"POST /api/n8n/track-link":         `{"phone":"5512988887777","unidade":"Ilhabela","quarto":"Luxo","redirect":"https://reservas.example.com/luxo"}`,
	"POST /api/n8n/send-text":          `{"phone":"5512988887777","message":"Olá! Como posso ajudar?"}`,
	"POST /api/n8n/send-buttons":       `{"phone":"5512988887777","message":"Posso ajudar?","buttons":[{"id":"reservar","label":"Reservar"},{"id":"humano","label":"Falar com alguém"}]}`,
	"POST /api/n8n/send-list":          `{"phone":"5512988887777","message":"Escolha a unidade","buttonText":"Ver unidades","sections":[{"title":"Litoral","rows":[{"id":"ilhabela","title":"Ilhabela","description":"Pé na areia"}]}]}`,
	"POST /api/n8n/send-option-list":   `{"phone":"5512988887777","message":"Escolha a unidade","optionList":{"title":"Unidades","buttonLabel":"Ver","options":[{"id":"camburi","title":"Camburi"}]}}`,
	"POST /api/n8n/send-media":         `{"phone":"5512988887777","type":"image","url":"https://cdn.example.com/quarto.jpg","caption":"Quarto luxo"}`,
	"POST /api/n8n/send-image":         `{"phone":"5512988887777","image":"https://cdn.example.com/quarto.jpg","caption":"Quarto luxo"}`,
	"POST /api/n8n/send-video":         `{"phone":"5512988887777","video":"https://cdn.example.com/praia.mp4"}`,
	"POST /api/n8n/send-audio":         `{"phone":"5512988887777","audio":"https://cdn.example.com/boas-vindas.mp3"}`,
	"POST /api/n8n/send-document":      `{"phone":"5512988887777","document":"https://cdn.example.com/tarifas.pdf","fileName":"Tarifas 2026.pdf"}`,
	"POST /api/n8n/send-template":      `{"phone":"5512988887777","template":"confirmacao_reserva","language":"pt_BR","parameters":["Ana","12/12"]}`,
	"POST /api/n8n/send-quick-replies": `{"phone":"5512988887777","message":"Quando?","quickReplies":[{"title":"Hoje","payload":"hoje"},{"title":"Amanhã","payload":"amanha"}]}`,
	"POST /api/n8n/set-hotel-unit":     `{"phone":"5512988887777","hotelUnit":"Ilhabela"}`,
	"POST /api/n8n/mark-followup-sent": `{"phone":"5512988887777"}`,
	"POST /api/n8n/mark-opportunity":   `{"phone":"5512988887777","reason":"wants_reservation","followupResponse":"Sim, quero reservar"}`,
	"POST /api/n8n/send-carousel":      `{"phone":"5512988887777","message":"Nossos quartos","carousel":[{"text":"Luxo, vista para o mar","image":"https://cdn.example.com/luxo.jpg","buttons":[{"id":"luxo","label":"Reservar"}]}]}`,
	"POST /api/n8n/escalate":           `{"phone":"5512988887777","reason":"USER_REQUESTED","hotelUnit":"Ilhabela","aiContext":{"summary":"Quer mudar a data"}}`,
	"POST /api/n8n/mark-read":          `{"messageId":"wamid.HBgMNTUxMjk4ODg4Nzc3"}`,
}

// exampleOf returns what to send to a row, or nil.
func exampleOf(row string) any {
	var value any
	if json.Unmarshal([]byte(examples[row]), &value) != nil {
		return nil // tests look for rows without an example
	}
	return value
}
