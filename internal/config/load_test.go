package config_test

import (
	"errors"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/config"
)

const (
	accessSecret  = "Q1vT8zLr4mXw0bKc7yNd2hJf9sGa5pUe"
	refreshSecret = "e5Up3gSf9hJd2yNk7cB0wXm4rLz8tV1q"
	oneKey        = "8f1d3c5a7b9e20461f3a5c7d9e0b2846a1c3e5f708192b3d4f6a8c0e1d2b3f59"
	otherKey      = "0a9c8b7d6e5f41322f3e4d5c6b7a8990c1d2e3f4a5b6978812345f6e7d8c9bab"
)

// scene is a complete environment for production; the tests change one thing in it.
func scene(t *testing.T, changes map[string]string) map[string]string {
	t.Helper()
	variables := map[string]string{
		"APP_ENV": "production", "DATA_DIR": t.TempDir(), "PUBLIC_URL": "https://api.example.com",
		"JWT_SECRET": accessSecret, "JWT_REFRESH_SECRET": refreshSecret, "ENCRYPTION_KEY": oneKey,
	}
	maps.Copy(variables, changes)
	return variables
}

func load(t *testing.T, changes map[string]string) config.Config {
	t.Helper()
	c, err := config.Load(scene(t, changes))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func problemsOf(t *testing.T, changes map[string]string) config.Error {
	t.Helper()
	c, err := config.Load(scene(t, changes))
	var problems config.Error
	if !errors.As(err, &problems) {
		t.Fatalf("Load with %v: got error %v and port %d, want a config.Error", changes, err, c.Port)
	}
	return problems
}

func TestLoad_defaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load(map[string]string{"DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{
		c.Environment, c.Port, c.LogLevel.String(), c.PublicURL, c.BaseDomain, c.DatabaseURL.IsSet(), c.DatabaseMaxConns,
		c.MigrateOnStart, c.RedisURL.IsSet(), c.WhatsAppAPIURL, c.MediaBaseURL, c.AllowPrivateURLs, c.InProduction(),
	}
	want := []any{
		config.Development, 3001, "INFO", "http://localhost:3001", "localhost:3001", false, 20,
		true, false, "https://graph.facebook.com", "http://localhost:3001/api/media", false, false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	limits := map[string]config.Limit{
		"5/15m": c.RateLimitLogin, "1000/1m": c.RateLimitWebhook, "5000/1m": c.RateLimitN8N,
		"100/1m": c.RateLimitAPI, "200/1m": c.RateLimitMedia, "20/1m": c.RateLimitCreate,
	}
	for want, limit := range limits {
		if limit.String() != want {
			t.Errorf("limit %s, want %s", limit, want)
		}
	}
	if got := c.RateLimitLogin; got.Count != 5 || got.Window != 15*time.Minute {
		t.Errorf("log-in limit is %+v", got)
	}
}

func TestLoad_defaultFolderIsData(t *testing.T) {
	t.Parallel()
	variables := scene(t, nil)
	delete(variables, "DATA_DIR")
	c, err := config.Load(variables)
	if err != nil || c.DataDir != "./data" || c.MediaStoragePath != filepath.Join("data", "media") {
		t.Errorf("data in %q, media in %q, err %v", c.DataDir, c.MediaStoragePath, err)
	}
	if _, err := os.Stat("data"); err == nil {
		t.Error("made a data folder although every secret was given")
	}
}

func TestLoad_values(t *testing.T) {
	t.Parallel()
	c := load(t, map[string]string{
		"PORT": " 8080 ", "FRONTEND_URL": "https://App.example.com/, http://localhost:3000,https://app.example.com:443",
		"TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.7,::ffff:172.16.0.1,::ffff:10.1.0.0/112,2001:db8::/32", "PUBLIC_URL": "https://api.example.com/",
		"ENCRYPTION_KEY": oneKey + ", " + otherKey, "RATE_LIMIT_API": "OFF", "LOG_LEVEL": "debug", "REDIS_HOST": "",
		"WHATSAPP_API_URL": "http://127.0.0.1:9000/", "SUPER_ADMIN_EMAIL": "ana@example.com", "SUPER_ADMIN_PASSWORD": "mar-azul-42",
		"RATE_LIMIT_CREATE": "7 / 90s",
	})
	got := []any{
		c.Port, c.FrontendOrigins, c.TrustedProxies.String(), c.PublicURL, c.EncryptionKeys(), c.RateLimitAPI.Off(),
		c.LogLevel.String(), c.WhatsAppAPIURL, c.SuperAdminPassword.Reveal(), c.RateLimitCreate.String(), c.BaseDomain,
	}
	want := []any{
		8080,
		config.Origins{"https://app.example.com", "http://localhost:3000"},
		"10.0.0.0/8,192.168.1.7,172.16.0.1,10.1.0.0/16,2001:db8::/32",
		"https://api.example.com",
		[]string{oneKey, otherKey},
		true,
		"DEBUG", "http://127.0.0.1:9000", "mar-azul-42", "7/1m30s", "api.example.com",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !c.TrustedProxies[0].Contains(netip.MustParseAddr("10.200.3.4")) {
		t.Error("the network does not contain its own address")
	}
	if len(c.Warnings()) != 0 {
		t.Errorf("warnings about proper settings: %v", c.Warnings())
	}
}

func TestLoad_addressesFollowFromEachOther(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ set, want map[string]string }{
		"the domain gives the address": {
			map[string]string{"PUBLIC_URL": "", "BASE_DOMAIN": "hotel.example"},
			map[string]string{"public": "https://hotel.example", "domain": "hotel.example", "media": "https://hotel.example/api/media"},
		},
		"a local domain does not": {
			map[string]string{"PUBLIC_URL": "", "BASE_DOMAIN": "localhost:3000", "PORT": "4000"},
			map[string]string{"public": "http://localhost:4000", "domain": "localhost:3000", "media": "http://localhost:4000/api/media"},
		},
		"any free port": {
			map[string]string{"PUBLIC_URL": "", "PORT": "0"},
			map[string]string{"public": "http://localhost:0", "domain": "localhost:0", "media": "http://localhost:0/api/media"},
		},
		"the address gives the domain": {
			map[string]string{"PUBLIC_URL": "https://desk.example:8443/base/", "MEDIA_BASE_URL": "https://cdn.example/m/"},
			map[string]string{"public": "https://desk.example:8443/base", "domain": "desk.example:8443", "media": "https://cdn.example/m"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, tc.set)
			got := map[string]string{"public": c.PublicURL, "domain": c.BaseDomain, "media": c.MediaBaseURL}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoad_redis(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		set  map[string]string
		want string
	}{
		"nothing is memory":         {nil, ""},
		"an address":                {map[string]string{"REDIS_URL": "rediss://u:p@cache:6380/2"}, "rediss://u:p@cache:6380/2"},
		"a host":                    {map[string]string{"REDIS_HOST": "cache"}, "redis://cache:6379"},
		"host, port, password":      {map[string]string{"REDIS_HOST": "10.0.0.3", "REDIS_PORT": "7000", "REDIS_PASSWORD": "a/b@c"}, "redis://:a%2Fb%40c@10.0.0.3:7000"},
		"an IPv6 host":              {map[string]string{"REDIS_HOST": "fd00::1"}, "redis://[fd00::1]:6379"},
		"the address wins":          {map[string]string{"REDIS_URL": "redis://one", "REDIS_HOST": "two"}, "redis://one"},
		"a linked container's port": {map[string]string{"REDIS_PORT": "tcp://172.17.0.5:6379"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := load(t, tc.set).RedisURL.Reveal(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLoad_secretFromFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "jwt")
	if err := os.WriteFile(path, []byte(accessSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := load(t, map[string]string{"JWT_SECRET": "", "JWT_SECRET_FILE": path})
	if c.JWTSecret.Reveal() != accessSecret {
		t.Error("the secret is not the one in the file")
	}
	if got := setting(t, c, "JWT_SECRET").Source; got != "file "+path {
		t.Errorf("source is %q", got)
	}
}

func TestLoad_warnings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		set  map[string]string
		want string
	}{
		"trusting everybody":       {map[string]string{"TRUSTED_PROXIES": "0.0.0.0/0"}, "TRUSTED_PROXIES"},
		"two ways to Redis":        {map[string]string{"DATABASE_URL": "postgres://db/x", "REDIS_URL": "redis://one", "REDIS_HOST": "two"}, "REDIS_HOST"},
		"a Redis for nothing":      {map[string]string{"REDIS_URL": "redis://one"}, "REDIS_URL"},
		"a password for nothing":   {map[string]string{"REDIS_PASSWORD": "abc"}, "REDIS_PASSWORD"},
		"private addresses":        {map[string]string{"ALLOW_PRIVATE_URLS": "true"}, "ALLOW_PRIVATE_URLS"},
		"log-ins without limit":    {map[string]string{"RATE_LIMIT_LOGIN": "off"}, "RATE_LIMIT_LOGIN"},
		"an address without TLS":   {map[string]string{"PUBLIC_URL": "http://api.example.com"}, "PUBLIC_URL"},
		"an address of nowhere":    {map[string]string{"PUBLIC_URL": ""}, "PUBLIC_URL"},
		"two places for media":     {map[string]string{"MEDIA_STORAGE_URL": "s3://media", "MEDIA_STORAGE_PATH": "m", "S3_ACCESS_KEY_ID": "k", "S3_SECRET_ACCESS_KEY": "s"}, "MEDIA_STORAGE_PATH"},
		"weak, but in development": {map[string]string{"APP_ENV": "development", "JWT_SECRET": "short"}, "JWT_SECRET"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			warnings := load(t, tc.set).Warnings()
			if len(warnings) != 1 || warnings[0].Variable != tc.want || warnings[0].Wrong == "" || warnings[0].Fix == "" {
				t.Errorf("got %v, want one about %s", warnings, tc.want)
			}
		})
	}
}

func TestLoad_reportsEverythingAtOnceInOrder(t *testing.T) {
	t.Parallel()
	problems := problemsOf(t, map[string]string{
		"RATE_LIMIT_N8N": "lots", "PORT": "eighty", "FRONTEND_URL": "example.com,https://ok.example,ftp://x", "JWT_SECRET": "",
		"DATABASE_MAX_CONNS": "1", "WHATSAPP_API_VERSION": "21", "ENCRYPTION_KEY": "abc",
	})
	var got []string
	for _, p := range problems {
		got = append(got, p.Variable)
		if p.Wrong == "" || p.Fix == "" {
			t.Errorf("%s: says %q and %q", p.Variable, p.Wrong, p.Fix)
		}
		if !strings.Contains(problems.Error(), p.String()) {
			t.Errorf("the error does not say %q", p)
		}
	}
	want := []string{"PORT", "FRONTEND_URL", "FRONTEND_URL", "DATABASE_MAX_CONNS", "JWT_SECRET", "ENCRYPTION_KEY", "WHATSAPP_API_VERSION", "RATE_LIMIT_N8N"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_badValues(t *testing.T) {
	t.Parallel()
	bad := map[string][]string{
		"APP_ENV":              {"prod", "live"},
		"PORT":                 {"-1", "65536", "http", "3001.5"},
		"LOG_LEVEL":            {"loud", "3"},
		"PUBLIC_URL":           {"api.example.com", "ftp://x", "https://", "https://a b", "https://x?y=1", "https://u:hunter2@x", "https://x:99999", "https://x/%zz"},
		"FRONTEND_URL":         {"*", "https://*.example.com", "app.example.com", "https://app.example.com/login", "null", "https://u:hunter2@x", "https://u:hunter2@x:y"},
		"BASE_DOMAIN":          {"https://example.com", "example.com/x", "exa mple", ".example.com", "example.com:port"},
		"TRUSTED_PROXIES":      {"proxy", "10.0.0.0/33", "10.0.0.1/8", "300.1.1.1", "fe80::1%eth0"},
		"ALLOW_PRIVATE_URLS":   {"yes", "2"},
		"DATABASE_URL":         {"mysql://u:hunter2@h/d", "db.example.com", "postgres:hunter2", "postgres://u:hunter2%@h"},
		"DATABASE_MAX_CONNS":   {"0", "3", "1001", "many"},
		"MIGRATE_ON_START":     {"later"},
		"REDIS_URL":            {"cache:6379", "http://cache", "redis://", "redis://:hunter2%@h", "redis://h:port", "redis://h/one", "redis://h/1/2", "redis:///1", "unix://", "unix:///", "unix://h/s"},
		"REDIS_HOST":           {"redis://cache", "cache:6379", "a b"},
		"WHATSAPP_API_URL":     {"graph.facebook.com", "https://graph.facebook.com?x"},
		"WHATSAPP_API_VERSION": {"25.0", "v25", "latest", "v25.0/"},
		"MEDIA_STORAGE_URL":    {"bucket", "s3:bucket", "s3://key:hunter2%@b", "s3://key:hunter2@bucket", "s3://b", "s3://Bucket", "s3://bucket?region=x", "https://bucket", "s3://bucket:443"},
		"S3_ENDPOINT":          {"s3.example.com", "ftp://s3.example.com", "https://u:hunter2@s3.example.com"},
		"MEDIA_BASE_URL":       {"/media", "media.example.com"},
		"SUPER_ADMIN_EMAIL":    {"ana", "Ana <ana@example.com>", "ana@"},
		"SMTP_URL":             {"mail.example.com", "http://mail.example.com", "smtp://", "smtp:desk"},
		"MAIL_FROM":            {"nobody", "a@b.c\r\nBcc: d@e.f"},
		"RATE_LIMIT_LOGIN":     {"5", "5/", "/15m", "0/15m", "-5/15m", "5/15", "5/0s", "5/10ms", "5/48h", "5 per minute", "9999999/1m", "1e3/1m", "none"},
		"RATE_LIMIT_CREATE":    {"5/15m/2"},
	}
	for variable, values := range bad {
		for _, value := range values {
			t.Run(variable+"="+value, func(t *testing.T) {
				t.Parallel()
				set := map[string]string{variable: value}
				if variable == "SUPER_ADMIN_EMAIL" {
					set["SUPER_ADMIN_PASSWORD"] = "mar-azul-42"
				}
				if variable == "SMTP_URL" {
					set["MAIL_FROM"] = "no-reply@example.com"
				}
				problems := problemsOf(t, set)
				if len(problems) != 1 || problems[0].Variable != variable || problems[0].Wrong == "" || problems[0].Fix == "" {
					t.Errorf("got %v, want one problem of %s", problems, variable)
				}
				if strings.Contains(problems.Error(), "hunter2") {
					t.Errorf("shows a password: %v", problems)
				}
			})
		}
	}
}

func TestLoad_badCombinations(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	long := filepath.Join(t.TempDir(), "long")
	good := filepath.Join(t.TempDir(), "good")
	for path, text := range map[string]string{good: accessSecret, empty: "\n", long: strings.Repeat("x", 70_000)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		set  map[string]string
		want []string
	}{
		"a port, and no address":  {map[string]string{"PORT": "x", "PUBLIC_URL": ""}, []string{"PORT"}},
		"a Redis port":            {map[string]string{"REDIS_HOST": "cache", "REDIS_PORT": "0"}, []string{"REDIS_PORT"}},
		"an e-mail alone":         {map[string]string{"SUPER_ADMIN_EMAIL": "ana@example.com"}, []string{"SUPER_ADMIN_PASSWORD"}},
		"a mail server alone":     {map[string]string{"SMTP_URL": "smtp://mail.example.com"}, []string{"MAIL_FROM"}},
		"a password alone":        {map[string]string{"SUPER_ADMIN_PASSWORD": "mar-azul-42"}, []string{"SUPER_ADMIN_EMAIL"}},
		"a short password":        {map[string]string{"SUPER_ADMIN_EMAIL": "a@example.com", "SUPER_ADMIN_PASSWORD": "mar-42"}, []string{"SUPER_ADMIN_PASSWORD"}},
		"a well-known password":   {map[string]string{"SUPER_ADMIN_EMAIL": "a@example.com", "SUPER_ADMIN_PASSWORD": "SuperAdmin@123"}, []string{"SUPER_ADMIN_PASSWORD"}},
		"more than bcrypt takes":  {map[string]string{"SUPER_ADMIN_EMAIL": "a@example.com", "SUPER_ADMIN_PASSWORD": strings.Repeat("mar-azul-42", 7)}, []string{"SUPER_ADMIN_PASSWORD"}},
		"text and file":           {map[string]string{"JWT_SECRET_FILE": good}, []string{"JWT_SECRET_FILE"}},
		"no such file":            {map[string]string{"JWT_SECRET": "", "JWT_SECRET_FILE": empty + "x"}, []string{"JWT_SECRET_FILE"}},
		"an empty file":           {map[string]string{"DATABASE_URL_FILE": empty}, []string{"DATABASE_URL_FILE"}},
		"a file of another kind":  {map[string]string{"ENCRYPTION_KEY": "", "ENCRYPTION_KEY_FILE": long}, []string{"ENCRYPTION_KEY_FILE"}},
		"a folder instead":        {map[string]string{"JWT_SECRET": "", "JWT_SECRET_FILE": filepath.Dir(empty)}, []string{"JWT_SECRET_FILE"}},
		"a wrong second key":      {map[string]string{"ENCRYPTION_KEY": oneKey + ",abc"}, []string{"ENCRYPTION_KEY"}},
		"the same key twice":      {map[string]string{"ENCRYPTION_KEY": oneKey + "," + strings.ToUpper(oneKey)}, []string{"ENCRYPTION_KEY"}},
		"only a comma":            {map[string]string{"ENCRYPTION_KEY": ","}, []string{"ENCRYPTION_KEY"}},
		"a key for two purposes":  {map[string]string{"JWT_SECRET": oneKey}, []string{"ENCRYPTION_KEY"}},
		"equal signing secrets":   {map[string]string{"JWT_REFRESH_SECRET": accessSecret}, []string{"JWT_REFRESH_SECRET"}},
		"a wrong key of the list": {map[string]string{"TRUSTED_PROXIES": "10.0.0.1,x,y"}, []string{"TRUSTED_PROXIES", "TRUSTED_PROXIES"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range problemsOf(t, tc.set) {
				got = append(got, p.Variable)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("problems of %v, want %v", got, tc.want)
			}
		})
	}
}
