package inbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// day is what Meta tells of one day, each in a change of its own and in the order in which
// it happened.
type day struct{ changes []string }

func (d *day) add(format string, args ...any) {
	d.changes = append(d.changes, strings.ReplaceAll(fmt.Sprintf(format, args...), "@", fmt.Sprintf("@%d", 10*len(d.changes)+10)))
}

func (d *day) next() int { return len(d.changes) }

// guestOfDay writes under one number and id, and may change the name that they show.
type guestOfDay struct {
	phone, bsuid, name string
	said, heard        []string
	isGone             bool // to another number, and says nothing from there: see ADR 22
}

func (g *guestOfDay) contacts() string {
	return fmt.Sprintf(`"contacts":[{"wa_id":"%s","user_id":"%s","profile":{"name":"%s"}}]`, g.phone, g.bsuid, g.name)
}

func (g *guestOfDay) says(d *day, rest string, args ...any) string {
	wamid := fmt.Sprintf("wamid.%d", d.next())
	d.add("%s", change("messages", g.contacts()+fmt.Sprintf(`,"messages":[{"from":"%s","from_user_id":"%s","id":"%s","timestamp":"@",`, g.phone, g.bsuid, wamid)+fmt.Sprintf(rest, args...)+`}]`))
	return wamid
}

func (g *guestOfDay) hears(d *day, rest string, args ...any) string {
	wamid := fmt.Sprintf("wamid.%d", d.next())
	d.add("%s", change("smb_message_echoes", fmt.Sprintf(`"message_echoes":[{"from":"#DISPLAY","to":"%s","id":"%s","timestamp":"@",`, g.phone, wamid)+fmt.Sprintf(rest, args...)+`}]`))
	return wamid
}

// act is one thing that happens during the day.
func (g *guestOfDay) act(d *day, draw *rapid.T) {
	pick := func(list []string) string { return rapid.SampledFrom(list).Draw(draw, "message") }
	switch what := rapid.IntRange(0, 16).Draw(draw, "act"); {
	case g.isGone && (len(g.heard) == 0 || what != 2 && what != 3):
	case what == 0 && len(g.said) > 0:
		g.says(d, `"type":"edit","edit":{"original_message_id":"%s","message":{"type":"text","text":{"body":"corrected %d"}}}`, pick(g.said), d.next())
	case what == 1 && len(g.said) > 1:
		g.says(d, `"type":"revoke","revoke":{"original_message_id":"%s"}`, pick(g.said))
	case what == 2 && len(g.heard) > 0:
		g.says(d, `"type":"reaction","reaction":{"message_id":"%s","emoji":"%s"}`, pick(g.heard), rapid.SampledFrom([]string{"👍", "❤️", ""}).Draw(draw, "emoji"))
	case what == 3 && len(g.heard) > 0:
		status := rapid.SampledFrom([]string{"sent", "delivered", "read", "failed"}).Draw(draw, "status")
		d.add("%s", change("messages", fmt.Sprintf(`"statuses":[{"id":"%s","status":"%s","timestamp":"@","recipient_id":"%s","errors":[{"code":131026}]}]`, pick(g.heard), status, g.phone)))
	case what == 4:
		g.heard = append(g.heard, g.hears(d, `"type":"text","text":{"body":"answer %d"}`, d.next()))
	case what == 5 && len(g.heard) > 0:
		g.hears(d, `"type":"revoke","revoke":{"original_message_id":"%s"}`, pick(g.heard))
	case what == 6 && len(g.heard) > 0:
		g.said = append(g.said, g.says(d, `"type":"text","text":{"body":"reply %d"},"context":{"id":"%s"}`, d.next(), pick(g.heard)))
	case what == 7:
		g.name = strings.TrimSuffix(g.name, " S.") + " S." // once; then it stays
		g.said = append(g.said, g.says(d, `"type":"image","image":{"id":"7","caption":"picture %d"}`, d.next()))
	case what == 8:
		d.add("%s", change("user_preferences", fmt.Sprintf(`"user_preferences":[{"wa_id":"%s","category":"marketing_messages","value":"%s","timestamp":@}]`,
			g.phone, rapid.SampledFrom([]string{"stop", "resume"}).Draw(draw, "offers"))))
	case what == 9:
		d.add("%s", change("smb_app_state_sync", fmt.Sprintf(`"state_sync":[{"type":"contact","contact":{"full_name":"Book %d","phone_number":"%s"},"action":"add","metadata":{"timestamp":"@"}}]`, d.next(), g.phone)))
	case what == 10:
		g.said = append(g.said, g.says(d, `"type":"location","location":{"latitude":-23.5,"longitude":-46.6,"name":"place %d"}`, d.next()))
	case what == 11 && len(g.heard) > 0:
		g.hears(d, `"type":"edit","edit":{"original_message_id":"%s","message":{"type":"text","text":{"body":"corrected answer %d"}}}`, pick(g.heard), d.next())
	case what == 12:
		d.add("%s", change("calls", fmt.Sprintf(`"calls":[{"id":"wacid.%d","from":"%s","from_user_id":"%s","event":"%s","direction":"USER_INITIATED","timestamp":"@"}]`,
			d.next(), g.phone, g.bsuid, rapid.SampledFrom([]string{"connect", "terminate"}).Draw(draw, "call"))))
	case what == 13:
		g.watched(d)
	case what == 14:
		g.remembers(d, rapid.IntRange(1, 3).Draw(draw, "past"))
	case what == 15 && rapid.IntRange(0, 3).Draw(draw, "moves") == 0:
		g.moves(d)
	default:
		g.said = append(g.said, g.says(d, `"type":"text","text":{"body":"text %d"}`, d.next()))
	}
}

// watched is a message while Meta's own agent has the conversation.
func (g *guestOfDay) watched(d *day) {
	wamid := fmt.Sprintf("wamid.%d", d.next())
	d.add("%s", change("standby", `"standby":{`+g.contacts()+fmt.Sprintf(`,"messages":[{"from":"%s","from_user_id":"%s","id":"%s","timestamp":"@","type":"text","text":{"body":"watched %d"}}]}`,
		g.phone, g.bsuid, wamid, d.next())))
	g.said = append(g.said, wamid)
}

// remembers is a piece of what was said before the number came to us. Pieces overlap.
func (g *guestOfDay) remembers(d *day, pieces int) {
	var messages []string
	for n := range pieces {
		from := g.phone
		if n%2 == 1 {
			from = "#DISPLAY"
		}
		messages = append(messages, fmt.Sprintf(`{"from":"%s","to":"%s","id":"wamid.past.%s.%d","timestamp":"@-%d","type":"text","text":{"body":"past %d"},"history_context":{"status":"READ"}}`,
			from, g.phone, g.bsuid, n, 1000-n, n))
	}
	d.changes = append(d.changes, change("history", fmt.Sprintf(`"history":[{"metadata":{"phase":0,"progress":50},"threads":[{"id":"%s","messages":[%s]}]}]`, g.phone, strings.Join(messages, ","))))
}

// moves gives the guest another number, that nobody else has, and another id. What the guest writes from there may come
// first, and is then somebody else's until people merge the two: that is not drawn here.
func (g *guestOfDay) moves(d *day) {
	d.add("%s", change("messages", fmt.Sprintf(`"messages":[{"from":"%s","id":"wamid.%d","timestamp":"@","type":"system","system":{"type":"user_changed_number","wa_id":"%s","user_id":"%s","previous_user_id":"%s"}}]`,
		g.phone, d.next(), "55219"+g.bsuid[len("BR."):]+g.phone[len(g.phone)-7:], g.bsuid+"N", g.bsuid)))
	g.isGone = true
}

// aDay draws what happens with a few guests and the account.
func aDay(draw *rapid.T) day {
	var d day
	guests := []*guestOfDay{
		{phone: "5511987654321", bsuid: "BR.1", name: "Marina"},
		{phone: "558187654321", bsuid: "BR.2", name: "Zoë"},
		{phone: "351912345678", bsuid: "BR.3", name: "Rui"},
	}
	for range rapid.IntRange(5, 40).Draw(draw, "things") {
		if rapid.IntRange(0, 9).Draw(draw, "of the account") == 0 {
			d.add("%s", account("message_template_status_update", fmt.Sprintf(`"event":"%s","message_template_id":9,"message_template_name":"reserva"`,
				rapid.SampledFrom([]string{"APPROVED", "PENDING", "PAUSED"}).Draw(draw, "template"))))
			continue
		}
		rapid.SampledFrom(guests).Draw(draw, "guest").act(&d, draw)
	}
	return d
}

// Whatever the order, the repetition and the batching in which a day's webhooks arrive, the
// same is known in the end.
func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	rapid.Check(t, func(draw *rapid.T) {
		d := aDay(draw)
		straight, shuffled := x.line(t), x.line(t)
		for i, c := range d.changes {
			straight.post(10*i+10, c)
		}
		straight.work(8)
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(draw, "order"), 1))
		shuffle(order, shuffled, d)
		if diff := cmp.Diff(straight.state(), shuffled.state()); diff != "" {
			draw.Fatalf("in order (-) and shuffled (+):\n%s\n%s", diff, strings.Join(d.changes, "\n"))
		}
	})
}

// shuffle delivers a day out of order, some of it again, a few changes at once, and works on
// it meanwhile.
func shuffle(order *rand.Rand, l *line, d day) {
	type told struct {
		at     int
		change string
	}
	var all []told
	for i, c := range d.changes {
		for range 1 + order.IntN(5)/4 {
			all = append(all, told{10*i + 10, c})
		}
	}
	order.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for len(all) > 0 {
		together := []string{all[0].change}
		at := all[0].at
		all = all[1:]
		for len(all) > 0 && order.IntN(2) == 0 && !strings.Contains(together[0]+all[0].change, "template") { // the entry's time is theirs
			together = append(together, all[0].change)
			all = all[1:]
		}
		l.post(at, together...)
		if order.IntN(3) == 0 {
			l.work(1 + order.IntN(8))
		}
	}
	l.work(1 + order.IntN(8))
}
