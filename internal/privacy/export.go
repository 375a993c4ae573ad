package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// messagesAtOnce is how many messages of an export are read at once.
const messagesAtOnce = 500

// Export is everything that a hotel keeps of one guest, about to be written.
type Export struct {
	At      time.Time
	officer *Officer
	tenant  id.Tenant
	kept    postgres.Dossier
}

// Export notes that somebody takes everything about a guest away, and returns it. It
// returns contact.ErrNotFound.
func (o *Officer) Export(ctx context.Context, tenant id.Tenant, by user.User, guest id.Contact) (*Export, error) {
	kept, err := o.db.Dossier(ctx, tenant, guest)
	if err != nil {
		return nil, err
	}
	err = o.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		return o.note(ctx, tx, by, "EXPORT_CONTACT", guest, map[string]int{
			"conversations": len(kept.Conversations), "escalations": len(kept.Escalations), "files": len(kept.Files),
		})
	})
	return &Export{At: o.clock.Now(), officer: o, tenant: tenant, kept: kept}, err
}

// WriteTo writes the export as a ZIP: memory does not grow with messages or files. An
// error leaves a ZIP that no program opens, for its directory is at its end.
func (e *Export) WriteTo(ctx context.Context, w io.Writer) error {
	a := newArchive(w, e.At)
	for _, part := range []func(context.Context, *archive) error{
		e.writeReadMe, e.writeContact, e.writeConversations, e.writeMessages, e.writeEscalations, e.writeMerges, e.writeAudit, e.writeFiles,
	} {
		if err := part(ctx, a); err != nil {
			return err
		}
	}
	return a.close(e.kept.Guest.ID)
}

func (e *Export) writeReadMe(_ context.Context, a *archive) error {
	return a.add("LEIA-ME.txt", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, readMe, e.At.UTC().Format("02/01/2006 15:04"))
		return err
	})
}

// keptContact is contact.json.
type keptContact struct {
	wire.Contact
	Aliases []keptAlias `json:"aliases"`
	ReplyTo string      `json:"replyTo"` // WhatsApp's own spelling of the number
}

type keptAlias struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

func (e *Export) writeContact(_ context.Context, a *archive) error {
	out := keptContact{Contact: wire.ContactOf(e.kept.Guest), Aliases: []keptAlias{}, ReplyTo: e.kept.Guest.WAID}
	for _, alias := range e.kept.Aliases {
		out.Aliases = append(out.Aliases, keptAlias{string(alias.Kind), alias.Value})
	}
	return a.add("contact.json", asJSON(out))
}

func (e *Export) writeConversations(_ context.Context, a *archive) error {
	out := make([]wire.Conversation, 0, len(e.kept.Conversations))
	for _, c := range e.kept.Conversations {
		out = append(out, wire.ConversationOf(e.tenant, c))
	}
	return a.add("conversations.json", asJSON(out))
}

// writeMessages writes a line per message, conversation by conversation, oldest first.
func (e *Export) writeMessages(ctx context.Context, a *archive) error {
	return a.add("messages.jsonl", func(w io.Writer) error {
		lines := json.NewEncoder(w)
		for _, c := range e.kept.Conversations {
			var last message.Message
			for {
				page, err := e.officer.db.MessagesFrom(ctx, e.tenant, c.ID, last, messagesAtOnce)
				if err != nil {
					return err
				}
				for _, m := range page {
					if err := lines.Encode(wire.MessageOf(e.tenant, m, inArchive)); err != nil {
						return err
					}
				}
				if len(page) < messagesAtOnce {
					break
				}
				last = page[len(page)-1]
			}
		}
		return nil
	})
}

// inArchive turns the address of a file of the hotel's into its place in the archive.
func inArchive(tenant id.Tenant, stored string) string {
	if _, name, ours := strings.Cut(stored, filing.Stored(tenant, "")); ours && media.IsName(name) {
		return folder + name
	}
	return stored
}

func (e *Export) writeEscalations(_ context.Context, a *archive) error {
	out := make([]wire.Escalation, 0, len(e.kept.Escalations))
	for _, s := range e.kept.Escalations {
		out = append(out, wire.EscalationOf(e.tenant, s, nil))
	}
	return a.add("escalations.json", asJSON(out))
}

// keptMerge is a line of merges.json.
type keptMerge struct {
	ID       string    `json:"id"`
	MergedAt wire.Time `json:"mergedAt"`
	Before   any       `json:"before"`
}

func (e *Export) writeMerges(_ context.Context, a *archive) error {
	out := make([]keptMerge, 0, len(e.kept.Merges))
	for _, m := range e.kept.Merges {
		out = append(out, keptMerge{m.ID.String(), wire.At(m.At), wire.RawOrNull(m.Snapshot)})
	}
	return a.add("merges.json", asJSON(out))
}

// keptEntry is a line of audit.json: who did what with the guest's data.
type keptEntry struct {
	Action    string    `json:"action"`
	Entity    string    `json:"entity"`
	EntityID  string    `json:"entityId"`
	Actor     string    `json:"actor"`
	Detail    any       `json:"detail"`
	Before    any       `json:"before"`
	After     any       `json:"after"`
	CreatedAt wire.Time `json:"createdAt"`
}

func (e *Export) writeAudit(_ context.Context, a *archive) error {
	out := make([]keptEntry, 0, len(e.kept.Audit))
	for _, r := range e.kept.Audit {
		out = append(out, keptEntry{
			Action: r.Action, Entity: r.Entity, EntityID: r.EntityID, Actor: r.Actor, Detail: wire.RawOrNull(r.Detail),
			Before: wire.RawOrNull(r.Before), After: wire.RawOrNull(r.After), CreatedAt: wire.At(r.CreatedAt),
		})
	}
	return a.add("audit.json", asJSON(out))
}

// writeFiles copies the files. One whose bytes are lost is named in the manifest.
func (e *Export) writeFiles(ctx context.Context, a *archive) error {
	for _, row := range e.kept.Files {
		f, err := e.officer.files.Find(ctx, e.tenant, row.Name)
		if errors.Is(err, media.ErrNotFound) {
			a.miss(folder + row.Name)
			continue
		}
		if err != nil {
			return err
		}
		if err := a.add(folder+f.Name, e.bytesOf(ctx, f)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) bytesOf(ctx context.Context, f media.File) func(io.Writer) error {
	return func(w io.Writer) error {
		content := e.officer.files.Open(ctx, f)
		defer func() { _ = content.Close() }()
		_, err := io.Copy(w, content)
		return err
	}
}
