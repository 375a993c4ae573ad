package faulttest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/logtest"
)

// nginx is a real one with the settings of deploy/nginx, in front of instances.
type nginx struct {
	t           *testing.T
	http, https int // ports
	authority   *x509.CertPool
	client      *http.Client // of the world outside: it trusts the authority
}

// newNginx starts nginx in front of instances at ports.
func newNginx(t *testing.T, instances ...int) *nginx {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			t.Fatal("nginx is not installed; run: make deps")
		}
	}
	n := &nginx{t: t, http: freePort(t), https: freePort(t), authority: x509.NewCertPool()}
	dir := reachableDir(t)
	n.certify(dir)
	n.configure(dir, instances)
	n.client = &http.Client{Timeout: patience, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: n.authority, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 64,
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(n.client.CloseIdleConnections)

	said := &bytes.Buffer{}
	cmd := exec.Command(program, "-e", "stderr", "-c", filepath.Join(dir, "main"), "-g", "daemon off;")
	watched := logtest.To(said) // one: then one goroutine writes both
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = watched, watched, 5*time.Second
	ended, err := startTied(cmd)
	if err != nil {
		t.Fatalf("start nginx: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-ended
		if t.Failed() {
			t.Logf("nginx said:\n%s", said)
		}
	})
	await(t, "nginx to answer", func() bool {
		answer, err := n.client.Get(n.url() + "/health/live")
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	})
	return n
}

// domain is the name of the site: one that every machine knows to be its own.
const domain = "localhost"

func (n *nginx) url() string { return "https://" + domain + ":" + strconv.Itoa(n.https) }

// certify makes an authority and a certificate of the domain.
func (n *nginx) certify(dir string) {
	n.t.Helper()
	must := func(err error) {
		if err != nil {
			n.t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain, "*." + domain},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	n.authority.AppendCertsFromPEM(certificate)
	must(os.WriteFile(filepath.Join(dir, "fullchain.pem"), certificate, 0o600))
	must(os.WriteFile(filepath.Join(dir, "privkey.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}

// configure writes the settings that we ship, with the folders and ports of the test.
func (n *nginx) configure(dir string, instances []int) {
	n.t.Helper()
	upstreams := ""
	for _, port := range instances {
		upstreams += "server 127.0.0.1:" + strconv.Itoa(port) + " max_fails=0; "
	}
	temporary := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary += kind + "_temp_path " + dir + "/" + kind + "; "
	}
	n.write(dir, "main", "nginx.conf", map[string]string{
		"user nginx;": "", "/run/nginx.pid": dir + "/pid", "/etc/nginx/conf.d/": dir + "/", "http {": "http { " + temporary,
	})
	n.write(dir, "site.conf", "templates/botreserva.conf.template", map[string]string{
		"${DOMAIN}": domain, "${CERTIFICATES}": dir, "${UPSTREAMS}": upstreams,
		"${HTTP_PORT}": strconv.Itoa(n.http), "${HTTPS_PORT}": strconv.Itoa(n.https), "${HTTPS_SUFFIX}": ":" + strconv.Itoa(n.https),
	})
}

func (n *nginx) write(dir, name, from string, changes map[string]string) {
	n.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "nginx", from))
	if err != nil {
		n.t.Fatal(err)
	}
	out := string(text)
	for old, with := range changes {
		if !strings.Contains(out, old) {
			n.t.Fatalf("%s has no %s", from, old)
		}
		out = strings.ReplaceAll(out, old, with)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(out), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// plain is an address without TLS that passes everything on to nginx, for a simulated Meta, a flow and screens that trust
// no authority of ours.
func (n *nginx) plain() string {
	target, err := url.Parse(n.url())
	if err != nil {
		n.t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Transport: n.client.Transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
	})
	n.t.Cleanup(server.Close)
	return server.URL
}
