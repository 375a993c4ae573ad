package simulator

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"
)

// browser drives Chromium by its own protocol over two pipes: one command after the other, and the page's exceptions
// collected on the way.
type browser struct {
	t          *testing.T
	in         *os.File
	out        *bufio.Reader
	last       int
	session    string
	exceptions []string
}

// chromium opens a page in a headless browser.
func chromium(t *testing.T, address string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: run make deps")
	}
	theirIn, in, err1 := os.Pipe()
	out, theirOut, err2 := os.Pipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=900,1000",
		"--lang=pt-BR", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	b := &browser{t: t, in: in, out: bufio.NewReaderSize(out, 1<<20)}
	_ = out.SetReadDeadline(time.Now().Add(2 * time.Minute))
	t.Cleanup(func() {
		_, _ = b.try("Browser.close", nil)
		_, _ = in.Close(), out.Close()
		_ = cmd.Wait()
	})
	var made struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &made)
	b.call("Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &made)
	b.session = made.SessionID
	b.call("Runtime.enable", nil, nil)
	b.call("Page.enable", nil, nil)
	b.call("Page.navigate", map[string]any{"url": address}, nil)
	return b
}

type reply struct {
	ID     int
	Method string
	Result json.RawMessage
	Error  *struct{ Message string }
	Params struct {
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
}

func (b *browser) try(method string, params any) (reply, error) {
	b.last++
	message := map[string]any{"id": b.last, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	if _, err := b.in.Write(append(asciiJSON(message, false), 0)); err != nil {
		return reply{}, err
	}
	for {
		raw, err := b.out.ReadBytes(0)
		if err != nil {
			return reply{}, err
		}
		var r reply
		if err := json.Unmarshal(raw[:len(raw)-1], &r); err != nil {
			return reply{}, err
		}
		if r.Method == "Runtime.exceptionThrown" {
			b.exceptions = append(b.exceptions, r.Params.ExceptionDetails.Text+" "+r.Params.ExceptionDetails.Exception.Description)
		}
		if r.ID == b.last {
			return r, nil
		}
	}
}

func (b *browser) call(method string, params, into any) {
	b.t.Helper()
	r, err := b.try(method, params)
	if err != nil || r.Error != nil {
		b.t.Fatalf("%s: %v %+v", method, err, r.Error)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result, into); err != nil {
			b.t.Fatal(err)
		}
	}
}

// eval waits until a JavaScript expression is true, and returns it as text; after ten seconds the test fails.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	var got struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	b.call("Runtime.evaluate", map[string]any{"awaitPromise": true, "returnByValue": true, "expression": `
		(async () => {
			for (let i = 0; i < 200; i++) {
				const v = await (async () => ` + expression + `)();
				if (v) return String(v);
				await new Promise((done) => setTimeout(done, 50));
			}
			throw new Error("never true; the page says: " + document.body.innerText);
		})()`}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, got.ExceptionDetails.Exception.Description)
	}
	text, _ := got.Result.Value.(string)
	return text
}

// picture writes what the browser shows to $PHONE_PICTURE, for people.
func (b *browser) picture() {
	path := os.Getenv("PHONE_PICTURE")
	if path == "" {
		return
	}
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		b.t.Error(err)
	}
}
