package privacy

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/wire"
)

// folder is where an archive holds files that were sent.
const folder = "media/"

// readMe tells the guest what is what.
const readMe = `Este arquivo reúne tudo o que o hotel guarda sobre você no Bot Reserva,
em %s (UTC), conforme o art. 18 da LGPD (Lei 13.709/2018).

contact.json        seus dados de contato e as formas pelas quais você é reconhecido
conversations.json  suas conversas: situação, unidade, etiquetas
messages.jsonl      as mensagens, uma por linha, da mais antiga à mais nova
escalations.json    quando o robô chamou uma pessoa, e por quê
merges.json         como eram os seus cadastros antes de serem unificados
audit.json          quem, no hotel, fez o quê com os seus dados
media/              as fotos, os áudios e os documentos das mensagens
manifest.json       a lista dos arquivos, com o SHA-256 de cada um

As cópias brutas do que o WhatsApp entregou repetem as mensagens acima e são
apagadas depois do prazo que o hotel define.
`

// archive writes a ZIP in one go and remembers the sum of each file in it.
type archive struct {
	zip   *zip.Writer
	at    time.Time
	files []archived
	lost  []string
}

// archived is a line of the manifest.
type archived struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

type manifest struct {
	ContactID string     `json:"contactId"`
	CreatedAt wire.Time  `json:"createdAt"`
	Files     []archived `json:"files"`
	Missing   []string   `json:"missing"` // files whose bytes the hotel has lost
}

func newArchive(w io.Writer, at time.Time) *archive {
	return &archive{zip: zip.NewWriter(w), at: at, lost: []string{}}
}

// add writes one file. What was sent is packed already, mostly.
func (a *archive) add(name string, write func(io.Writer) error) error {
	method := zip.Deflate
	if strings.HasPrefix(name, folder) {
		method = zip.Store
	}
	file, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: a.at})
	if err != nil {
		return fmt.Errorf("add %s to the archive: %w", name, err)
	}
	sum := &summed{w: file, hash: sha256.New()}
	if err := write(sum); err != nil {
		return fmt.Errorf("write %s to the archive: %w", name, err)
	}
	a.files = append(a.files, archived{name, sum.size, hex.EncodeToString(sum.hash.Sum(nil))})
	return nil
}

func (a *archive) miss(name string) { a.lost = append(a.lost, name) }

// close writes the manifest, which cannot name itself, and the directory.
func (a *archive) close(guest id.Contact) error {
	m := manifest{ContactID: guest.String(), CreatedAt: wire.At(a.at), Files: a.files, Missing: a.lost}
	if err := a.add("manifest.json", asJSON(m)); err != nil {
		return err
	}
	return a.zip.Close()
}

func asJSON(value any) func(io.Writer) error {
	return func(w io.Writer) error {
		lines := json.NewEncoder(w)
		lines.SetIndent("", "  ")
		lines.SetEscapeHTML(false)
		return lines.Encode(value)
	}
}

// summed measures what goes through.
type summed struct {
	w    io.Writer
	hash hash.Hash
	size int64
}

// Write implements io.Writer.
func (s *summed) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.hash.Write(p[:n])
	s.size += int64(n)
	return n, err
}
