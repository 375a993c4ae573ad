package whatsapp

import "time"

// versionEnds says when Meta stops serving a version of the Graph API (versions page,
// November 2026). The newest has no end yet.
var versionEnds = map[string]time.Time{
	"v21.0": day(2027, time.January, 21),
	"v22.0": day(2027, time.May, 20),
	"v23.0": day(2027, time.October, 8),
	"v24.0": day(2028, time.February, 18),
	"v25.0": day(2028, time.July, 29),
	"v26.0": {},
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// warnBefore is how long before the end of a version somebody should hear of it: time
// enough to try the next.
const warnBefore = 120 * 24 * time.Hour

// VersionState says how long a version of the Graph API will be served.
type VersionState struct {
	Version string
	Ends    time.Time // zero: not set, or not known to us
	Known   bool      // to this release; a newer one may know more
	Near    bool      // the end is near, or has come
	Ended   bool
}

// StateOfVersion looks a version up.
func StateOfVersion(version string, now time.Time) VersionState {
	ends, known := versionEnds[version]
	s := VersionState{Version: version, Ends: ends, Known: known}
	if !ends.IsZero() {
		s.Near, s.Ended = !now.Before(ends.Add(-warnBefore)), !now.Before(ends)
	}
	return s
}

// Warning says what to do, or nothing.
func (s VersionState) Warning() string {
	switch {
	case s.Ended:
		return "Meta ended version " + s.Version + " of its API on " + s.Ends.Format(time.DateOnly) + ". Set WHATSAPP_API_VERSION to " + DefaultVersion + " or newer now."
	case s.Near:
		return "Meta ends version " + s.Version + " of its API on " + s.Ends.Format(time.DateOnly) + ". Set WHATSAPP_API_VERSION to " + DefaultVersion + " or newer before."
	case !s.Known:
		return "This release does not know version " + s.Version + " of Meta's API, nor when it ends. Known is " + DefaultVersion + "."
	}
	return ""
}
