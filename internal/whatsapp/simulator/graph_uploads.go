package simulator

import (
	"io"
	"net/http"
	"strconv"
	"strings"
)

// resumable is an upload for template samples and profile pictures.
type resumable struct {
	name, mime string
	length     int64
	data       []byte
}

// uploadTypes are what resumable uploads take (Meta's resumable upload page).
var uploadTypes = map[string]bool{
	"application/pdf": true, "image/jpeg": true, "image/jpg": true, "image/png": true, "video/mp4": true,
}

// longestUpload bounds one resumable upload.
const longestUpload = 100e6

// startUpload is POST /{app}/uploads?file_name=&file_length=&file_type=.
func (s *Simulator) startUpload(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if gerr := s.checkToken(tokenOf(r)); gerr != nil {
		return gerr
	}
	if id != appID {
		return errNoObject(r.Method, id)
	}
	q := r.URL.Query()
	length, err := strconv.ParseInt(q.Get("file_length"), 10, 64)
	switch {
	case err != nil || length <= 0 || length > longestUpload:
		return refusal(100, "Param file_length must be the number of bytes.")
	case !uploadTypes[q.Get("file_type")]:
		return refusal(100, "Param file_type must be one of pdf, jpeg, jpg, png and mp4.")
	}
	upload := "upload:" + s.ids.secret()
	s.app.mu.Lock()
	defer s.app.mu.Unlock()
	if s.app.uploads == nil || len(s.app.uploads) >= 100 {
		s.app.uploads = map[string]*resumable{} // in memory: yesterday's have to go
	}
	s.app.uploads[upload] = &resumable{name: q.Get("file_name"), mime: q.Get("file_type"), length: length}
	s.writeGraph(w, http.StatusOK, map[string]any{"id": upload})
	return nil
}

func (s *Simulator) uploadOf(r *http.Request, id string) (*resumable, *graphError) {
	if gerr := s.checkToken(tokenOf(r)); gerr != nil {
		return nil, gerr
	}
	s.app.mu.Lock()
	defer s.app.mu.Unlock()
	if u := s.app.uploads[id]; u != nil {
		return u, nil
	}
	return nil, errNoObject(r.Method, id)
}

// continueUpload is POST /upload:…: the bytes from file_offset on. With the last of them comes the handle.
func (s *Simulator) continueUpload(w http.ResponseWriter, r *http.Request, id string) *graphError {
	u, gerr := s.uploadOf(r, id)
	if gerr != nil {
		return gerr
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, longestUpload+1))
	s.app.mu.Lock()
	defer s.app.mu.Unlock()
	if offset := orText(r.Header.Get("File_offset"), r.Header.Get("File-Offset")); offset != strconv.Itoa(len(u.data)) {
		return refusal(100, "Header file_offset must be "+strconv.Itoa(len(u.data))+".")
	}
	if int64(len(u.data)+len(data)) > u.length {
		return refusal(100, "There are more bytes than file_length said.")
	}
	u.data = append(u.data, data...)
	switch {
	case err != nil:
		return refusal(100, "The bytes could not be read; go on from file_offset.")
	case int64(len(u.data)) < u.length:
		s.writeGraph(w, http.StatusOK, map[string]any{"id": id, "file_offset": len(u.data)})
	default:
		s.writeGraph(w, http.StatusOK, map[string]any{"h": "4::" + strings.TrimPrefix(id, "upload:")})
	}
	return nil
}

// getUpload is GET /upload:…: from where to go on.
func (s *Simulator) getUpload(w http.ResponseWriter, r *http.Request, id string) *graphError {
	u, gerr := s.uploadOf(r, id)
	if gerr != nil {
		return gerr
	}
	s.app.mu.Lock()
	offset := len(u.data)
	s.app.mu.Unlock()
	s.writeGraph(w, http.StatusOK, map[string]any{"id": id, "file_offset": offset})
	return nil
}
