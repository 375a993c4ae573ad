package message

// Shown is what is known of a message's file besides the file itself: what screens need
// before they load it, or why it cannot be had.
type Shown struct {
	FileSize     int64      `json:"fileSize,omitempty"` // in bytes
	ThumbnailURL string     `json:"thumbnailUrl,omitempty"`
	Width        int        `json:"width,omitempty"`
	Height       int        `json:"height,omitempty"`
	Duration     float64    `json:"duration,omitempty"` // in seconds
	Waveform     []int      `json:"waveform,omitempty"` // loudness from 0 to 100, evenly over the duration
	MediaError   *MediaLost `json:"mediaError,omitempty"`
}

// MediaLost says why the file of a message cannot be had.
type MediaLost struct {
	Code    string `json:"code"`
	Message string `json:"message"` // for people
}

// Transcription is what an engine heard in a recording.
type Transcription struct {
	Text   string `json:"text"`
	Failed bool   `json:"failed,omitempty"` // it could not say
}
