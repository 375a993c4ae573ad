package importer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

// file moves what a message shows into the hotel's store: data that the original kept in
// the metadata, or a file of its folder.
func (m *moving) file(ctx context.Context, v *original.Message, notes map[string]json.RawMessage) error {
	key, content := m.contentOf(notes)
	if content == nil {
		return nil
	}
	defer content.Close()
	const moved = "file moved into the store"
	if m.dry || m.Files == nil {
		if m.dry {
			m.changed(moved)
		}
		return nil
	}
	var name string
	_ = json.Unmarshal(notes["filename"], &name) // without one it is called by its type
	kept, err := m.Files.Take(ctx, m.of.ID, name, or(v.Timestamp, m.now), content)
	var broken base64.CorruptInputError
	switch {
	case errors.Is(err, media.ErrEmpty), errors.Is(err, media.ErrTooLarge), errors.As(err, &broken), errors.Is(err, io.ErrUnexpectedEOF):
		m.changed("file cannot be stored: left where it was")
		return nil
	case err != nil:
		return err
	}
	m.changed(moved)
	delete(notes, key)
	with(notes, "mediaUrl", filing.Stored(m.of.ID, kept.Name))
	with(notes, "mimeType", kept.MimeType)
	if message := ref(v.ID); message != nil {
		m.shows = append(m.shows, postgres.ImportRow{Key: v.ID, Columns: map[string]any{
			"tenant_id": m.of.ID, "message_id": message, "media_id": kept.ID,
		}})
	}
	return nil
}

// contentOf finds the file of a message, and under which key it is named.
func (m *moving) contentOf(notes map[string]json.RawMessage) (string, io.ReadCloser) {
	for key, value := range notes {
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			continue
		}
		head, data, isData := strings.Cut(text, ";base64,")
		if isData && strings.HasPrefix(head, "data:") {
			return key, io.NopCloser(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
		}
		if place := m.folder[path.Base(text)]; key == "mediaUrl" && strings.Contains(text, "/api/media/") && place != "" {
			if f, err := m.MediaFrom.Open(place); err == nil {
				return key, f
			}
		}
	}
	return "", nil
}

// lookAtFolder finds the hotel's files in the original's folder, by name: it filed them by
// hotel and day.
func (m *moving) lookAtFolder() error {
	m.folder = map[string]string{}
	if m.MediaFrom == nil {
		return nil
	}
	err := fs.WalkDir(m.MediaFrom, m.there, func(place string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			m.folder[entry.Name()] = place
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		m.report.warn("The folder of the original has no files of the hotel.")
		return nil
	}
	return err
}
