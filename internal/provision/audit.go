package provision

import (
	"context"
	"reflect"
	"time"

	"github.com/botreserva/botreserva/internal/postgres"
)

// facts is what the audit log may say about a hotel's settings: no secret is among
// them.
func facts(t postgres.TenantRow, numbers []postgres.NumberRow) map[string]any {
	ids := make([]string, 0, len(numbers))
	for _, n := range numbers {
		ids = append(ids, n.PhoneNumberID)
	}
	networks := make([]string, 0, len(t.Bot.Networks))
	for _, n := range t.Bot.Networks {
		networks = append(networks, n.String())
	}
	all := map[string]any{
		"name": t.Name, "email": t.Email, "status": t.Status, "plan": t.Plan, "maxUsers": t.Limits.Users, "maxMessages": t.Limits.Messages,
		"units": t.Units, "timeZone": t.TimeZone, "businessHours": t.Hours, "n8nWebhookUrl": t.Bot.URL, "botPaused": t.Bot.Paused,
		"handBackMinutes": int(t.Bot.HandBack / time.Minute), "quietSeconds": int(t.Bot.Quiet / time.Second), "history": t.Bot.History,
		"payloadStyle": t.Bot.Style, "mediaWaitSeconds": int(t.Bot.MediaWait / time.Second),
		"noReplyMinutes": int(t.Bot.NoReply / time.Minute),
		"repeatGuard":    t.Bot.RepeatGuard, "zapiFacade": t.Bot.Facade,
		"getsReactions": t.Bot.GetsReactions, "answerInResponse": t.Bot.AnswersAtOnce,
		"transcriptionUrl": t.Bot.Transcription.URL, "transcriptionModel": t.Bot.Transcription.Model, "transcriptionLanguage": t.Bot.Transcription.Language,
		"forwardWhileLocked": t.Bot.ForwardWhileLocked, "legacyKey": t.Bot.LegacyKey, "ipAllowList": networks, "numbers": ids,
		"keepDeliveriesDays": t.Keep.Deliveries, "keepMediaDays": t.Keep.Media,
		"windowReminderMinutes": t.WindowReminder.Minutes(),
	}
	if !t.TrialEnds.IsZero() {
		all["trialEndsAt"] = t.TrialEnds.UTC()
	}
	return all
}

// secretsOf lists a hotel's secrets as they are stored, to see which of them change.
func secretsOf(tx *postgres.TenantTx) map[string]string {
	all := map[string]string{
		"appSecret": tx.Row.AppSecret, "verifyToken": tx.Row.VerifyToken, "botSecret": tx.Row.BotSecret,
		"transcriptionKey": tx.Row.TranscriptionKey,
	}
	for _, n := range tx.Numbers {
		all["accessToken of "+n.PhoneNumberID] = n.AccessToken
	}
	return all
}

// auditChange notes what is different from before. Of a secret it says that it changed.
func (p *Provisioner) auditChange(ctx context.Context, tx *postgres.TenantTx, by string, was map[string]any, secrets map[string]string) error {
	before, after := map[string]any{}, map[string]any{}
	is := facts(tx.Row, tx.Numbers)
	for field := range union(was, is) {
		if !reflect.DeepEqual(was[field], is[field]) {
			before[field], after[field] = was[field], is[field]
		}
	}
	for name, value := range secretsOf(tx) {
		if value != secrets[name] {
			after[name] = "changed"
		}
	}
	if len(after) == 0 {
		return nil
	}
	return tx.Audit(ctx, postgres.Entry{
		Actor: by, Action: "UPDATE_TENANT", Entity: "tenant", EntityID: tx.Row.ID.String(), Before: before, After: after, At: p.clock.Now(),
	})
}

func union(a, b map[string]any) map[string]bool {
	all := map[string]bool{}
	for key := range a {
		all[key] = true
	}
	for key := range b {
		all[key] = true
	}
	return all
}
