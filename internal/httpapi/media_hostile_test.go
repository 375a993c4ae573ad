package httpapi_test

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"net/http"
	"strings"
	"testing"
)

// picturePlus is a picture of a pixel with something behind it.
func picturePlus(t *testing.T, behind string) string {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, image.NewRGBA(image.Rect(0, 0, 1, 1)), nil); err != nil {
		t.Fatal(err)
	}
	return out.String() + behind
}

// TestHostileFiles: whatever somebody uploads, a browser that follows its address runs
// nothing of it in our name. What it is called by its sender, and what else its bytes may be
// read as, changes nothing.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	admin := as(w.token(w.hotel().Admin))
	const script = `<script>fetch("/api/users")</script>`
	for name, c := range map[string]struct {
		filename, content, shownAs string // shownAs is empty for what is saved
	}{
		"drawing with a script":         {"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">` + script + `</svg>`, ""},
		"drawing behind a mark":         {"a.jpg", "\xef\xbb\xbf<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", ""},
		"page":                          {"a.png", "<!DOCTYPE html>" + script, ""},
		"page behind spaces":            {"a.png", strings.Repeat(" \n", 300) + "<html>" + script, ""},
		"page in UTF-16":                {"a.txt", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", ""},
		"script":                        {"a.js", "#!/usr/bin/env node\nalert(1)", ""},
		"style":                         {"a.css", "body{background:url(javascript:alert(1))}", ""},
		"list of songs":                 {"a.m3u8", "#EXTM3U\nfile:///etc/passwd\n", ""},
		"archive of Java":               {"a.gif", archive("META-INF/MANIFEST.MF"), ""},
		"archive that unpacks for ever": {"a.docx", archive("word/" + strings.Repeat("a", 1000)), ""},
		"program":                       {"a.pdf.exe", "MZ" + strings.Repeat("\x00", 500), ""},
		"shortcut":                      {"a.url", "[InternetShortcut]\nURL=javascript:alert(1)", ""},
		"picture and page":              {"a.html", picturePlus(t, "<html>"+script), "image/gif"},
		"picture and archive":           {"a.jar", picturePlus(t, archive("Evil.class")), "image/gif"},
		"picture and script":            {"a.js", "GIF89a=1;alert(1)//" + strings.Repeat("\x00", 100), "image/gif"},
		"document with a script":        {"a.html", pdf + "1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>" + script, "application/pdf"},
		"picture of a terabyte":         {"a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x10\x06\x00\x00\x00" + strings.Repeat("\x00", 60), "image/png"},
		"name with everything":          {"../../\u202egpj.\r\nSet-Cookie: a=b\";<b>.svg", "<svg/>", ""},
	} {
		r := w.do(http.MethodPost, "/api/media/upload", formOf("file", c.filename, c.content), admin).want(http.StatusCreated).json()
		if r["thumbnailUrl"] != nil && !strings.HasPrefix(name, "picture and") {
			t.Errorf("%s: a small picture was made of it", name)
		}
		at, _ := r["url"].(string)
		got := w.do(http.MethodGet, strings.TrimPrefix(at, "https://api.example.com"), nil).want(http.StatusOK)
		h := got.header
		wantType, disposition := c.shownAs, "inline"
		if c.shownAs == "" {
			wantType, disposition = "application/octet-stream", "attachment"
		}
		if h.Get("Content-Type") != wantType || !strings.HasPrefix(h.Get("Content-Disposition"), disposition) ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", name, h)
		}
		if strings.ContainsAny(fmt.Sprint(r["filename"]), "/\\\r\n\u202e") {
			t.Errorf("%s: called %q", name, r["filename"])
		}
	}
}
