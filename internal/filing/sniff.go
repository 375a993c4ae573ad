package filing

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// headSize is how much of a file is looked at: as much as the library reads.
const headSize = 4096

// containers are formats whose first bytes do not always say what lies inside. Then, and
// only among these, the extension decides; none of them is ever shown by a browser.
var containers = map[string]map[string]string{
	"application/zip": {
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
	"application/x-ole-storage": {
		".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	},
}

// synonyms are names of the library for types that WhatsApp calls otherwise.
var synonyms = map[string]string{
	"audio/x-m4a": "audio/mp4", "application/ogg": "audio/ogg", "video/3gpp2": "video/3gpp", "audio/x-wav": "audio/wav",
}

// typeOf tells the type of a file by its first bytes, without parameters. Text that a
// browser would run (HTML, SVG) is told from text that it would not.
func typeOf(head []byte, filename string) string {
	found, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	if inside, ok := containers[found][strings.ToLower(path.Ext(filename))]; ok {
		return inside
	}
	if known, ok := synonyms[found]; ok {
		return known
	}
	return found
}

const longestFilename = 200

// tidy makes of whatever a client called its file a name that can be shown and saved: no
// folders, no control or direction characters, not too long.
func tidy(filename string) string {
	filename = filename[strings.LastIndexAny(filename, `/\`)+1:]
	filename = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, filename)
	if filename = strings.Trim(filename, " ."); len(filename) <= longestFilename {
		return filename
	}
	extension := path.Ext(filename)
	if len(extension) > 10 {
		extension = ""
	}
	cut := longestFilename - len(extension)
	for !utf8.RuneStart(filename[cut]) {
		cut--
	}
	return strings.TrimRight(filename[:cut], " .") + extension
}
