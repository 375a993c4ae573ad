package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
)

// Calls that a flow's program makes twice, because the answer got lost or something started it
// twice, are the same to the letter: path, body and the turn that they answer.

// overhear has the body of a call hashed while it is read.
func overhear(r *http.Request, path string) hash.Hash {
	sum := sha256.New()
	_, _ = io.WriteString(sum, path+"\x00"+r.Header.Get("X-BotReserva-Turn")+"\x00") // hashes take everything
	if r.Body != nil {
		r.Body = overheard{r.Body, sum}
	}
	return sum
}

type overheard struct {
	io.ReadCloser
	sum hash.Hash
}

// Read implements io.Reader.
func (o overheard) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	_, _ = o.sum.Write(p[:n]) // as above
	return n, err
}

// callHash names what a flow calls.
func (c caller) callHash() string { return hex.EncodeToString(c.said.Sum(nil)[:16]) }
