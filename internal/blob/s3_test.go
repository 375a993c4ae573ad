package blob_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
)

func TestMain(m *testing.M) {
	code := m.Run()
	stopGateway()
	os.Exit(code)
}

// Who may do everything at the server of the tests.
const keyID, secret = "bot-reserva-tests", "a-secret-of-the-tests"

// gateway is a real S3 server over a folder, started when the first test wants it.
var gateway struct {
	once    sync.Once
	err     error
	address string
	folder  string // of buckets
	command *exec.Cmd
	buckets atomic.Int64
}

func startGateway() error {
	binary, err := filepath.Abs("../../.tools/bin/versitygw")
	if err != nil {
		return err
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("no S3 server to test with; run: make deps: %w", err)
	}
	if gateway.folder, err = os.MkdirTemp("", "s3-"); err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	gateway.address = free.Addr().String()
	if err := free.Close(); err != nil {
		return err
	}
	sidecar := filepath.Join(gateway.folder, "metadata")
	if err := errors.Join(os.Mkdir(sidecar, 0o700), os.Mkdir(filepath.Join(gateway.folder, "buckets"), 0o700)); err != nil {
		return err
	}
	// No test's context: it outlives the test that wanted it first.
	gateway.command = exec.CommandContext(context.Background(), binary, "--access", keyID, "--secret", secret, "--port", gateway.address, "--quiet",
		"posix", "--sidecar", sidecar, filepath.Join(gateway.folder, "buckets"))
	if err := gateway.command.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		response, err := http.Get("http://" + gateway.address + "/")
		if err == nil {
			return response.Body.Close()
		}
		time.Sleep(20 * time.Millisecond) //nolint:forbidigo // another process starts
	}
	return errors.New("the S3 server does not answer")
}

func stopGateway() {
	if gateway.command != nil && gateway.command.Process != nil {
		_ = gateway.command.Process.Kill()
		_ = gateway.command.Wait()
	}
	if gateway.folder != "" {
		_ = os.RemoveAll(gateway.folder)
	}
}

// bucket makes an empty one.
func bucket(t *testing.T) blob.S3Options {
	t.Helper()
	if gateway.once.Do(func() { gateway.err = startGateway() }); gateway.err != nil {
		t.Fatal(gateway.err)
	}
	o := blob.S3Options{
		Endpoint: "http://" + gateway.address, Region: "us-east-1", Bucket: fmt.Sprintf("hotel-%d", gateway.buckets.Add(1)),
		KeyID: keyID, Secret: secret, PathStyle: true, Spool: t.TempDir(),
	}
	if err := os.Mkdir(filepath.Join(gateway.folder, "buckets", o.Bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	return o
}

func openS3(t *testing.T, o blob.S3Options) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestS3Check: what is wrong with the settings is said in a sentence, with what to do.
func TestS3Check(t *testing.T) {
	t.Parallel()
	good := bucket(t)
	if err := openS3(t, good).Check(t.Context()); err != nil {
		t.Errorf("all is well: %v", err)
	}
	if left := filesIn(t, filepath.Join(gateway.folder, "buckets", good.Bucket)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for want, change := range map[string]func(*blob.S3Options){
		"there is no bucket nowhere":                       func(o *blob.S3Options) { o.Bucket = "nowhere" },
		"the server refuses to write (XAdminUserNotFound)": func(o *blob.S3Options) { o.KeyID = "somebody" },
		"the secret does not belong to the key":            func(o *blob.S3Options) { o.Secret = "guessed" },
		"":                                                 func(o *blob.S3Options) { o.Endpoint = "http://127.0.0.1:1" },
	} {
		o := good
		change(&o)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err := openS3(t, o).Check(ctx)
		cancel()
		var misconfigured *blob.SettingsError
		if is := errors.As(err, &misconfigured); err == nil || is != (want != "") || is && (!strings.HasPrefix(misconfigured.Wrong, want) || misconfigured.Fix == "") {
			t.Errorf("want %q, got %v", want, err)
		}
		if strings.Contains(fmt.Sprint(err), "guessed") || strings.Contains(fmt.Sprint(err), secret) {
			t.Errorf("the secret is told: %v", err)
		}
	}
	for _, endpoint := range []string{"s3.example.com", "ftp://s3.example.com", "https://", "https://s3.example.com/bucket", "https://a b"} {
		if _, err := blob.OpenS3(blob.S3Options{Endpoint: endpoint, Bucket: "b", Spool: t.TempDir()}); err == nil {
			t.Errorf("%q is taken", endpoint)
		}
	}
}

// What fails in the middle leaves nothing behind, neither in the bucket nor on this machine.
func TestS3PutIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	o := bucket(t)
	o.Prefix = "/media/"
	s := openS3(t, o)
	for name, content := range map[string]io.Reader{
		"breaks": io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("cut off"))), "too short": strings.NewReader("x"),
	} {
		if _, err := s.Put(t.Context(), "a/x", content, 8); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := s.Stat(t.Context(), "a/x"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%s: something is there: %v", name, err)
		}
	}
	put(t, s, "a/x", "whole")
	if got, err := os.ReadFile(filepath.Join(gateway.folder, "buckets", o.Bucket, "media/a/x")); err != nil || string(got) != "whole" {
		t.Errorf("under the prefix lies %q, %v", got, err)
	}
	if left := filesIn(t, o.Spool); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
