package logtest

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
)

// fresh is a watcher of its own: what these tests find is no finding.
func (w *watcher) finding(line string) string {
	w.look(line)
	if len(w.found) == 0 {
		return ""
	}
	return w.found[0]
}

func TestForms(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`level=ERROR msg="log-in failed" hash=$2a$12$R9h/cIPz0gi.URNNX3kh2O`:                                    "the hash of a password",
		`msg=x err="cannot open v1.0a1b2c3d.AAECAwQFBgcICQoLDA0ODw"`:                                            "a sealed secret",
		`msg=x token=eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiIxIn0.sig`:                                              "an access token",
		`msg=x header="Authorization: Bearer EAAGm0PX4ZCps"`:                                                    "a bearer's token",
		`msg=x key=hotel:br_secret_of_hotel`:                                                                    "a flow's key",
		`msg=x sum=5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a`:                            "a key or sum of 256 bits",
		`msg=x path="/api/media/a/b.jpg?e=1795564800&s=KnoJtmi-RxDziRrgs0Gidw"`:                                 "the signature of a file's address",
		`msg=x url=redis://:hunter2@localhost:6379/0`:                                                           "a password in an address",
		`msg=x err="no such guest: 5512988887777"`:                                                              "a Brazilian phone number",
		`msg=x to="+55 (12) 98888-7777"`:                                                                        "a Brazilian phone number",
		`msg=x err="store \"Message 17\""`:                                                                      "a guest's words, as tests make them up",
		`msg="request" route=/api/conversations/{id} status=200 tenant_id=0192f6c2-7b1e-7c3a-9b51-551298888777`: "",
		`msg=x at=2026-11-10T12:00:00.000Z nanos=1795564800123456789 millis=1795564800123`:                      "",
		`msg=x phone=••••7777 url=redis://:••••@localhost:6379 database=postgres:///botreserva`:                 "",
		`msg=x wamid=wamid.HBgLNTUxMjk4ODg4Nzc3Nw== number_id=106000000000017`:                                  "",
	} {
		found, _, _ := strings.Cut((&watcher{}).finding(line+"\n"), ": ")
		if found != want {
			t.Errorf("%s: found %q, want %q", line, found, want)
		}
	}
}

func TestPlanted(t *testing.T) {
	t.Parallel()
	w := &watcher{planted: map[string]bool{"Quero cancelar": true}}
	if got := w.finding("msg=x err=\"Quero cancelar a reserva\"\n"); !strings.HasPrefix(got, "what a test planted") {
		t.Error(got)
	}
}

// A line that comes in pieces is searched whole, and reaches its destination as it came.
func TestPieces(t *testing.T) {
	t.Parallel()
	before := Lines()
	var out bytes.Buffer
	w := To(&out)
	for _, piece := range []string{"one ", "line\ntwo", " lines\nrest"} {
		if _, err := io.WriteString(w, piece); err != nil {
			t.Fatal(err)
		}
	}
	LoggerTo(&out).Debug("third", slog.Int("n", 3))
	if !strings.HasPrefix(out.String(), "one line\ntwo lines\nresttime=") || !strings.Contains(out.String(), "n=3") {
		t.Errorf("%q", out.String())
	}
	if n := Lines() - before; n < 3 {
		t.Errorf("%d lines were searched", n)
	}
	if err := Check(); err != nil || Verdict(0) != 0 {
		t.Error(err)
	}
}
