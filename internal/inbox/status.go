package inbox

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// statuses moves messages forward. A status may arrive before Meta's answer to the
// send (it is then recognised by our own id, which travels with the message), after
// it, or instead of it. One that concerns no message of ours is parked for a while.
func (a *application) statuses(ctx context.Context, all []reported) error {
	if len(all) == 0 {
		return nil
	}
	book, err := a.messagesOf(ctx, all)
	if err != nil {
		return err
	}
	var parked []postgres.Parked
	changed := map[id.Message]*message.Message{}
	told := map[id.Message]reported{}
	var refused []refusedOffer
	var untaken []message.Message
	for _, s := range all {
		m := book.find(s)
		if m == nil {
			parked = append(parked, postgres.Parked{
				Received: postgres.Received{Number: s.number, WAMID: s.WAMID}, Status: s.Status, Failure: s.Failure, At: s.At, Pricing: s.Pricing,
			})
			continue
		}
		if s.Failure != nil && s.Failure.Code == optedOut {
			refused = append(refused, refusedOffer{m.ConversationID, s.At})
		}
		if s.Failure != nil && s.Failure.Code == mediaUntaken {
			untaken = append(untaken, *m)
		}
		isNews, isHeard := moveOn(m, s)
		if isNews {
			changed[m.ID], told[m.ID] = m, s
		}
		if isHeard {
			book.heard[m.ID] = true
		}
	}
	if err := a.tx.ParkStatuses(ctx, parked); err != nil {
		return err
	}
	if err := a.saveStatuses(ctx, book, changed, told); err != nil {
		return err
	}
	if err := a.forgetFiles(ctx, untaken); err != nil {
		return err
	}
	return a.refusedOffers(ctx, refused)
}

// moveOn applies a status and reports whether it brought news, and whether screens hear of
// it: a time or a price alone they see when they look.
func moveOn(m *message.Message, s reported) (isNews, isHeard bool) {
	after := m.Told(s.Status, s.At, s.Failure, s.Pricing)
	if after.WAMID == "" {
		after.WAMID = s.WAMID
	}
	isHeard = after.Status != m.Status || after.WAMID != m.WAMID
	isNews = isHeard || after.Progress != m.Progress
	*m = after
	return isNews, isHeard
}

// statusBook finds messages by Meta's id or by ours.
type statusBook struct {
	byWAMID map[postgres.Received]*message.Message
	byID    map[id.Message]*message.Message
	heard   map[id.Message]bool // those of which screens are to hear
	waiting map[id.Message]bool // those whose delivery waits to know whether they were sent
}

func (b *statusBook) find(s reported) *message.Message {
	if m := b.byWAMID[postgres.Received{Number: s.number, WAMID: s.WAMID}]; m != nil {
		return m
	}
	ours, resends, ok := message.ParseOpaque(s.Opaque)
	if m := b.byID[ours]; ok && m != nil && m.Direction == message.Outbound && m.NumberID == s.number && m.Resends == resends &&
		(m.WAMID == "" || m.WAMID == s.WAMID) {
		return m
	}
	return nil
}

func (a *application) messagesOf(ctx context.Context, all []reported) (*statusBook, error) {
	var keys []postgres.Received
	var ours []id.Message
	for _, s := range all {
		keys = append(keys, postgres.Received{Number: s.number, WAMID: s.WAMID})
		if m, _, ok := message.ParseOpaque(s.Opaque); ok {
			ours = append(ours, m)
		}
	}
	rows, err := a.tx.MessagesOfStatuses(ctx, keys, ours)
	if err != nil {
		return nil, err
	}
	b := &statusBook{
		byWAMID: map[postgres.Received]*message.Message{}, byID: map[id.Message]*message.Message{},
		waiting: map[id.Message]bool{}, heard: map[id.Message]bool{},
	}
	for i := range rows {
		m := &rows[i].Message
		b.byID[m.ID] = m
		b.waiting[m.ID] = !m.Status.IsFinal()
		if m.WAMID != "" {
			b.byWAMID[postgres.Received{Number: m.NumberID, WAMID: m.WAMID}] = m
		}
	}
	return b, nil
}

// saveStatuses writes what changed, tells screens, and lets a delivery go on that
// waited to know what became of its message.
func (a *application) saveStatuses(ctx context.Context, book *statusBook, changed map[id.Message]*message.Message, told map[id.Message]reported) error {
	if len(changed) == 0 {
		return nil
	}
	var save []message.Message
	var about []id.Conversation
	for _, m := range changed {
		save = append(save, *m)
		about = append(about, m.ConversationID)
		if book.waiting[m.ID] {
			if err := a.tx.WakeLane(ctx, lane.Deliver, m.ConversationID.String()); err != nil {
				return err
			}
		}
	}
	if err := a.tx.SaveStatuses(ctx, save...); err != nil {
		return err
	}
	cards, err := a.tx.Cards(ctx, about...)
	if err != nil {
		return err
	}
	byID := make(map[id.Conversation]*conversation.Card, len(cards))
	for i := range cards {
		byID[cards[i].ID] = &cards[i]
	}
	if err := a.learnFromStatuses(ctx, save, byID, told); err != nil {
		return err
	}
	for i := range save {
		if !book.heard[save[i].ID] {
			continue
		}
		a.tx.Emit(event.Event{Name: event.MessageStatus, Card: byID[save[i].ConversationID], Message: &save[i]})
	}
	return nil
}

// learnFromStatuses notes what a status tells about the guest to whom a message went: a name
// and ids that are new. It opens no window and is no message of the guest's.
func (a *application) learnFromStatuses(ctx context.Context, of []message.Message, cards map[id.Conversation]*conversation.Card, told map[id.Message]reported) error {
	var teach []received
	for _, m := range of {
		s, card := told[m.ID], cards[m.ConversationID]
		if card == nil || !s.To.IsKnown() {
			continue
		}
		guest := card.Contact
		if s.To.WAID != "" && contact.Canonical(s.To.WAID) != guest.Phone {
			continue // another person's, or the answer to a number that the guest has given up
		}
		if s.To.WAID == "" && s.To.BSUID != guest.BSUID {
			continue
		}
		if guest.BSUID != s.To.BSUID && s.To.BSUID != "" || s.To.Username != "" && s.To.Username != guest.Username {
			s.To.Name = "" // as the guest's own messages have it
			teach = append(teach, received{Inbound: whatsapp.Inbound{From: s.To, At: s.At}})
		}
	}
	if len(teach) == 0 {
		return nil
	}
	_, err := a.guests(ctx, teach)
	return err
}

// mediaUntaken is Meta's code for a file that it could not use, or no longer has.
const mediaUntaken = 131053

// forgetFiles forgets under which ids Meta has the files of messages that it could not send
// because of them: sent again, they are given to it anew.
func (a *application) forgetFiles(ctx context.Context, of []message.Message) error {
	for _, m := range of {
		said, err := content.Of(m)
		if err != nil {
			continue // it was not written here
		}
		var files []id.Media
		for _, use := range content.Files(said) {
			files = append(files, use.File)
		}
		if len(files) == 0 {
			continue
		}
		if err := a.tx.ForgetMetaMedia(ctx, m.NumberID, files...); err != nil {
			return err
		}
	}
	return nil
}
