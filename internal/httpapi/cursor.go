package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// A cursor is a place in a list that is ordered by time and id. To whom it is given it
// means nothing; made up, it names a place like any other and shows nothing more.

func cursorOf(at time.Time, behind uuid.UUID) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(text, behind[:]...))
}

func readCursor(text string) (time.Time, uuid.UUID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != 24 {
		return time.Time{}, uuid.UUID{}, wrongField("cursor", "Use nextCursor as the page before gave it.")
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(raw))).UTC()
	if year := at.Year(); year < 1970 || year > 9999 {
		return time.Time{}, uuid.UUID{}, wrongField("cursor", "Use nextCursor as the page before gave it.")
	}
	return at, uuid.UUID(raw[8:]), nil
}
