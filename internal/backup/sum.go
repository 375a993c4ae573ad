package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
)

// rowSum counts and sums rows in PostgreSQL's binary COPY format. The sum is that of the
// rows' SHA-256, so it is the same in whatever order a database gives them.
type rowSum struct {
	rows    int64
	sum     [4]uint64
	rest    []byte // what is not yet a whole row
	begun   bool
	ended   bool
	invalid error
}

var (
	copySignature = []byte("PGCOPY\n\xff\r\n\x00")
	errNotCopy    = errors.New("rows are not in the binary format of PostgreSQL")
)

// copyHead is the signature, flags, and the length of an extension, which nobody uses.
const copyHead = 11 + 4 + 4

// Write implements io.Writer.
func (s *rowSum) Write(p []byte) (int, error) {
	s.rest = append(s.rest, p...)
	at := 0
	if !s.begun && len(s.rest) >= copyHead {
		if string(s.rest[:len(copySignature)]) != string(copySignature) {
			s.invalid = errNotCopy
		}
		s.begun, at = true, copyHead
	}
	for s.begun && s.invalid == nil && !s.ended {
		n := rowLength(s.rest[at:])
		if n == 0 {
			break
		}
		if n == endOfRows {
			s.ended = true
			at += 2
			break
		}
		s.add(s.rest[at : at+n])
		at += n
	}
	s.rest = append(s.rest[:0], s.rest[at:]...)
	return len(p), s.invalid
}

// endOfRows is no length of a row.
const endOfRows = -1

// rowLength returns how long the row at the beginning of b is; 0 if it is not all there.
func rowLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	fields := int16(binary.BigEndian.Uint16(b))
	if fields < 0 {
		return endOfRows
	}
	at := 2
	for range fields {
		if len(b) < at+4 {
			return 0
		}
		n := int(int32(binary.BigEndian.Uint32(b[at:])))
		at += 4 + max(0, n) // −1: NULL
	}
	if len(b) < at {
		return 0
	}
	return at
}

func (s *rowSum) add(row []byte) {
	s.rows++
	hash := sha256.Sum256(row)
	var carry uint64
	for i := range s.sum {
		s.sum[i], carry = bits.Add64(s.sum[i], binary.LittleEndian.Uint64(hash[8*i:]), carry)
	}
}

// result returns the number of rows and their sum.
func (s *rowSum) result() (rows int64, sum string, err error) {
	if s.invalid != nil || !s.ended || len(s.rest) > 0 {
		return 0, "", errNotCopy
	}
	var b [32]byte
	for i, part := range s.sum {
		binary.BigEndian.PutUint64(b[24-8*i:], part)
	}
	return s.rows, hex.EncodeToString(b[:]), nil
}
