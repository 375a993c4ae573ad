package simulator

import (
	"container/list"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Lifetimes of media (Meta, 2025–2026).
const (
	downloadLives = 5 * time.Minute
	uploadLives   = 30 * 24 * time.Hour
	inboundLives  = 7 * 24 * time.Hour
)

// mediaItem is a file with an id. Its bytes never change.
type mediaItem struct {
	id, account, mime, filename, sum string
	data                             []byte
	until                            time.Time
	place                            *list.Element
}

// mediaStore keeps files in memory up to a number of bytes; the oldest go first.
type mediaStore struct {
	mu    sync.Mutex
	items map[string]*mediaItem
	order *list.List // of *mediaItem, the oldest in front
	bytes int64
	limit int64
}

func newMediaStore(limit int64) *mediaStore {
	return &mediaStore{items: map[string]*mediaItem{}, order: list.New(), limit: limit}
}

// put stores a file and returns how many others had to go.
func (m *mediaStore) put(item *mediaItem) (evicted int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	item.place = m.order.PushBack(item)
	m.items[item.id] = item
	m.bytes += int64(len(item.data))
	for m.bytes > m.limit && m.order.Len() > 1 {
		oldest, _ := m.order.Front().Value.(*mediaItem)
		m.remove(oldest)
		evicted++
	}
	return evicted
}

func (m *mediaStore) remove(item *mediaItem) {
	m.order.Remove(item.place)
	delete(m.items, item.id)
	m.bytes -= int64(len(item.data))
}

// find returns a file and whether its id still works.
func (m *mediaStore) find(id string, now time.Time) (item *mediaItem, alive bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	item = m.items[id]
	return item, item != nil && !now.After(item.until)
}

// get returns a file whose id still works, or nil.
func (m *mediaStore) get(id string, now time.Time) *mediaItem {
	if item, alive := m.find(id, now); alive {
		return item
	}
	return nil
}

func (s *Simulator) isMedia(id string) bool { return s.media.get(id, s.clock.time()) != nil }

func (m *mediaStore) delete(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if item := m.items[id]; item != nil {
		m.remove(item)
	}
}

// UploadMedia stores a file a guest will send (Inbound.MediaID) and returns its id, valid for 7 days.
func (s *Simulator) UploadMedia(accountID, mimeType, filename string, data []byte) (string, error) {
	if s.account(accountID) == nil {
		return "", ErrNoAccount
	}
	if int64(len(data)) > s.opts.Bounds.MediaBytes {
		return "", errors.New("file is larger than all media may be together")
	}
	return s.storeMedia(accountID, mimeType, filename, data, inboundLives).id, nil
}

func (s *Simulator) storeMedia(account, mimeType, filename string, data []byte, lives time.Duration) *mediaItem {
	sum := sha256.Sum256(data)
	item := &mediaItem{
		id: s.ids.digits('7'), account: account, mime: mimeType, filename: filename, data: data,
		sum: base64.StdEncoding.EncodeToString(sum[:]), until: s.clock.time().Add(lives),
	}
	s.count.mediaForgotten.Add(int64(s.media.put(item)))
	return item
}

// inboundMedia makes the media object of a guest's message, or nil when its type carries none.
func (s *Simulator) inboundMedia(account string, m *Inbound) (*mediaJSON, error) {
	if _, isMedia := mediaKeys[m.Type]; !isMedia || m.Raw != nil {
		return nil, nil //nolint:nilnil // no media is a proper answer
	}
	var item *mediaItem
	if m.MediaID != "" {
		if item = s.media.get(m.MediaID, s.clock.time()); item == nil || item.account != account {
			return nil, badInbound("there is no media %q", m.MediaID)
		}
	} else {
		mimeType, filename, data := sampleFile(m.Type)
		item = s.storeMedia(account, mimeType, filename, data, inboundLives)
	}
	rules := s.knobs.Load().Rules
	out := &mediaJSON{ID: item.id, MIME: item.mime, SHA256: item.hash(rules.HexSums), Caption: m.Caption}
	if s.opts.PublicURL != "" && !rules.NoMediaURL {
		out.URL = s.downloadURL(s.opts.PublicURL, item.id)
	}
	switch m.Type {
	case "document":
		if out.Filename = m.Filename; out.Filename == "" {
			out.Filename = item.filename
		}
	case "audio":
		out.Voice, out.Caption = &m.Voice, ""
	case "sticker":
		out.Animated, out.Caption = &m.Animated, ""
	}
	return out, nil
}

// outboundMedia are the types a business may upload, with their sizes in bytes (Meta's media page, December 2025).
var outboundMedia = map[string]int64{
	"audio/aac": 16e6, "audio/amr": 16e6, "audio/mpeg": 16e6, "audio/mp4": 16e6, "audio/ogg": 16e6,
	"image/jpeg": 5e6, "image/png": 5e6, "image/webp": 500e3, "video/mp4": 16e6, "video/3gpp": 16e6,
	"text/plain": 100e6, "application/pdf": 100e6, "application/msword": 100e6, "application/vnd.ms-excel": 100e6,
	"application/vnd.ms-powerpoint":                                             100e6,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   100e6,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         100e6,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": 100e6,
}

// uploadMedia is POST /{number}/media: a multipart form with messaging_product, type and file.
func (s *Simulator) uploadMedia(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.number(r, id); gerr != nil {
		return gerr
	}
	form, err := r.MultipartReader()
	if err != nil {
		return refusal(100, "The request must be multipart/form-data.")
	}
	fields, file, gerr := s.readForm(form)
	if gerr != nil {
		return gerr
	}
	if fields["messaging_product"] != "whatsapp" {
		return refusal(100, "The parameter messaging_product is required.")
	}
	if file == nil {
		return refusal(100, "The parameter file is required.")
	}
	if declared := fields["type"]; declared != "" {
		file.mime = declared
	}
	if gerr := checkUpload(file); gerr != nil {
		return gerr
	}
	lives, gerr := uploadLife(fields["ttl_minutes"])
	if gerr != nil {
		return gerr
	}
	item := s.storeMedia(id, file.mime, file.filename, file.data, lives)
	s.writeGraph(w, http.StatusOK, map[string]any{"id": item.id})
	return nil
}

// uploadLife is 30 days, or what a number without storage asks for: an hour to 30 days.
func uploadLife(minutes string) (time.Duration, *graphError) {
	if minutes == "" {
		return uploadLives, nil
	}
	n, err := strconv.Atoi(minutes)
	if err != nil || n < 60 || n > 43200 {
		return 0, refusal(100, "Param ttl_minutes must be 60 to 43200.")
	}
	return time.Duration(n) * time.Minute, nil
}

// hash is the file's sha256: base64 in most samples of Meta's, hexadecimal in some.
func (m *mediaItem) hash(hexadecimal bool) string {
	if !hexadecimal {
		return m.sum
	}
	raw, err := base64.StdEncoding.DecodeString(m.sum)
	must(err)
	return hex.EncodeToString(raw)
}

// readForm reads the form part by part, never more than the store could hold.
func (s *Simulator) readForm(form *multipart.Reader) (map[string]string, *mediaItem, *graphError) {
	fields := map[string]string{}
	var file *mediaItem
	for range 20 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, file, nil
		}
		if err != nil {
			break
		}
		limit := int64(1024)
		if part.FormName() == "file" {
			limit = min(100e6, s.opts.Bounds.MediaBytes)
		}
		data, err := io.ReadAll(io.LimitReader(part, limit+1))
		switch {
		case err != nil:
			return nil, nil, refusal(100, "The form could not be read.")
		case int64(len(data)) > limit:
			return nil, nil, refusal(131053, "The file is too large.")
		case part.FormName() == "file":
			file = &mediaItem{mime: part.Header.Get("Content-Type"), filename: part.FileName(), data: data}
		default:
			fields[part.FormName()] = string(data)
		}
	}
	return nil, nil, refusal(100, "The form could not be read.")
}

// checkUpload refuses types Meta does not take, too large files, and pictures that are none.
func checkUpload(file *mediaItem) *graphError {
	base, _, err := mime.ParseMediaType(file.mime)
	limit, known := outboundMedia[base]
	if err != nil || !known {
		return refusal(100, "Param file must be a file with one of the supported types, got "+strconv.Quote(file.mime)+".")
	}
	if int64(len(file.data)) > limit {
		return refusal(131053, fmt.Sprintf("The file has %d bytes, %s may have %d.", len(file.data), base, limit))
	}
	if strings.HasPrefix(base, "image/") && http.DetectContentType(file.data) != base {
		return refusal(131053, "The content of the file is not "+base+".")
	}
	return nil
}

// getMedia is GET /{media}: where to download it.
func (s *Simulator) getMedia(w http.ResponseWriter, r *http.Request, id string) *graphError {
	item, gerr := s.ownMedia(r, id)
	if gerr != nil {
		return gerr
	}
	s.writeGraph(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "url": s.downloadURL(s.base(r), id), "mime_type": item.mime,
		"sha256": item.hash(s.knobs.Load().Rules.HexSums), "file_size": strconv.Itoa(len(item.data)), "id": id,
	})
	return nil
}

func (s *Simulator) deleteMedia(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.ownMedia(r, id); gerr != nil {
		return gerr
	}
	s.media.delete(id)
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// ownMedia checks that the token is that of the number the file belongs to, and phone_number_id when given.
func (s *Simulator) ownMedia(r *http.Request, id string) (*mediaItem, *graphError) {
	if gerr := s.checkToken(tokenOf(r)); gerr != nil {
		return nil, gerr
	}
	item := s.media.get(id, s.clock.time())
	if item == nil {
		return nil, errNoObject(r.Method, id)
	}
	asked := r.URL.Query().Get("phone_number_id")
	if _, gerr := s.number(r, item.account); gerr != nil || (asked != "" && asked != item.account) {
		return nil, errNoObject(r.Method, id)
	}
	return item, nil
}

// downloadURL is a link that works for five minutes, with the bearer token.
func (s *Simulator) downloadURL(base, id string) string {
	until := unixText(s.clock.time().Add(downloadLives))
	q := url.Values{"mid": {id}, "ext": {until}, "hash": {s.downloadHash(id, until)}}
	return strings.TrimRight(base, "/") + "/sim-lookaside/whatsapp_business/attachments/?" + q.Encode()
}

func (s *Simulator) downloadHash(id, until string) string {
	mac := hmac.New(sha256.New, strconv.AppendUint(nil, s.ids.seed, 16))
	_, _ = mac.Write([]byte(id + "." + until))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
