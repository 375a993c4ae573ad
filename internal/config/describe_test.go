package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/config"
)

// documented are the variables that scripts and deployments rely on: adding one is easy, renaming or losing one breaks them.
var documented = []string{
	"SHUTDOWN_DELAY", "METRICS_ADDR", "METRICS_TOKEN", "PORT", "APP_ENV", "LOG_LEVEL", "DATA_DIR", "DATABASE_URL", "DATABASE_MAX_CONNS", "MIGRATE_ON_START", "POSTGRES_BIN",
	"REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "JWT_SECRET", "JWT_REFRESH_SECRET", "ENCRYPTION_KEY",
	"FRONTEND_URL", "BASE_DOMAIN", "PUBLIC_URL", "TRUSTED_PROXIES", "WHATSAPP_API_URL", "WHATSAPP_API_VERSION",
	"WHATSAPP_APP_SECRET", "WHATSAPP_APP_SECRET_PREVIOUS", "WHATSAPP_WEBHOOK_VERIFY_TOKEN", "MEDIA_STORAGE_URL", "MEDIA_STORAGE_PATH", "MEDIA_BASE_URL",
	"S3_ENDPOINT", "S3_REGION", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_PATH_STYLE",
	"BACKUP_URL", "BACKUP_KEY", "BACKUP_AT", "BACKUP_KEEP", "BACKUP_MEDIA",
	"SUPER_ADMIN_EMAIL", "SUPER_ADMIN_PASSWORD", "ALLOW_PRIVATE_URLS", "SMTP_URL", "MAIL_FROM",
	"RATE_LIMIT_LOGIN", "RATE_LIMIT_WEBHOOK", "RATE_LIMIT_N8N", "RATE_LIMIT_API", "RATE_LIMIT_MEDIA", "RATE_LIMIT_CREATE",
}

func setting(t *testing.T, c config.Config, variable string) config.Setting {
	t.Helper()
	settings := c.Settings()
	i := slices.IndexFunc(settings, func(s config.Setting) bool { return s.Variable == variable })
	if i < 0 {
		t.Fatalf("%s is not listed", variable)
	}
	return settings[i]
}

func TestSettings_listsEveryVariable(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range load(t, nil).Settings() {
		got = append(got, s.Variable)
		if s.Doc == "" || s.Section == "" || s.Source == "" {
			t.Errorf("%s lacks documentation, section or source: %+v", s.Variable, s)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(documented)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Error(diff)
	}
}

// Each variable must reach the configuration: a tag with a typing mistake would be listed and never read.
func TestSettings_everyVariableIsRead(t *testing.T) {
	t.Parallel()
	set := full(t)
	c := load(t, set)
	for _, variable := range documented {
		if got := setting(t, c, variable); got.Source != "environment" {
			t.Errorf("%s: source %q, want environment", variable, got.Source)
		} else if !got.Secret && got.Value != set[variable] {
			t.Errorf("%s: shows %q, set to %q", variable, got.Value, set[variable])
		}
	}
}

func full(t *testing.T) map[string]string {
	t.Helper()
	return scene(t, map[string]string{
		"SHUTDOWN_DELAY": "5s", "METRICS_ADDR": "10.0.0.4:9464", "METRICS_TOKEN": "hunter2-metrics-token", "PORT": "3999", "LOG_LEVEL": "WARN", "DATABASE_URL": "postgres://desk:hunter2-db@db:5432/desk?sslmode=require&password=hunter2-q",
		"DATABASE_MAX_CONNS": "40", "MIGRATE_ON_START": "false", "POSTGRES_BIN": "/opt/pg/bin", "REDIS_URL": "redis://:hunter2-redis@cache:6379/1",
		"REDIS_HOST": "cache", "REDIS_PORT": "7001", "REDIS_PASSWORD": "hunter2-redis-password",
		"FRONTEND_URL": "https://a.example,https://b.example", "BASE_DOMAIN": "example.com", "TRUSTED_PROXIES": "10.0.0.0/8",
		"WHATSAPP_API_URL": "https://graph.example", "WHATSAPP_API_VERSION": "v26.0", "WHATSAPP_APP_SECRET": "hunter2-app", "WHATSAPP_APP_SECRET_PREVIOUS": "hunter2-app-before",
		"WHATSAPP_WEBHOOK_VERIFY_TOKEN": "hunter2-verify", "MEDIA_STORAGE_URL": "s3://bucket/media", "S3_ENDPOINT": "https://s3.example", "S3_REGION": "sa-east-1",
		"S3_ACCESS_KEY_ID": "AKIATEST", "S3_SECRET_ACCESS_KEY": "hunter2-s3", "S3_PATH_STYLE": "true",
		"BACKUP_URL": "/srv/backups", "BACKUP_KEY": "AGE-SECRET-KEY-1hunter2", "BACKUP_AT": "04:15", "BACKUP_KEEP": "14d8w12m", "BACKUP_MEDIA": "copy", "MEDIA_STORAGE_PATH": "/srv/media",
		"MEDIA_BASE_URL": "https://media.example", "SUPER_ADMIN_EMAIL": "ana@example.com", "SUPER_ADMIN_PASSWORD": "hunter2-admin",
		"SMTP_URL": "smtp://desk:hunter2-mail@mail.example:587", "MAIL_FROM": "Bot Reserva <no-reply@example.com>",
		"ALLOW_PRIVATE_URLS": "true", "RATE_LIMIT_LOGIN": "6/1h", "RATE_LIMIT_WEBHOOK": "1/1m", "RATE_LIMIT_N8N": "2/1m30s",
		"RATE_LIMIT_API": "off", "RATE_LIMIT_MEDIA": "4/2h30m", "RATE_LIMIT_CREATE": "5/1s",
	})
}

// secretsOf are the texts that no output may hold.
var secretsOf = []string{"hunter2", accessSecret, refreshSecret, oneKey}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	c := load(t, full(t))
	hidden := struct {
		inner  config.Config
		pieces map[string]config.Secret
	}{c, map[string]config.Secret{"a": c.JWTSecret}}
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := json.Marshal(c.Settings())
	if err != nil {
		t.Fatal(err)
	}
	var table, text, lines bytes.Buffer
	if err := config.WriteSettings(&table, c); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewTextHandler(&text, nil)).Info("started", "config", c, "key", c.JWTSecret, "db", c.DatabaseURL, "at", &c)
	slog.New(slog.NewJSONHandler(&lines, nil)).Info("started", "config", c, "key", c.JWTSecret, "db", c.DatabaseURL, "at", &c)
	printed := map[string]string{
		"JSON": string(encoded), "settings": string(settings), "table": table.String(), "slog text": text.String(), "slog JSON": lines.String(),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
		printed[verb] = fmt.Sprintf(verb, c) + fmt.Sprintf(verb, &c) + fmt.Sprintf(verb, c.JWTSecret) + fmt.Sprintf(verb, &c.DatabaseURL)
		printed[verb+" unexported"] = fmt.Sprintf(verb, hidden)
	}
	for how, output := range printed {
		for _, secret := range append(secretsOf, fmt.Sprintf("%x", accessSecret), fmt.Sprintf("%x", "hunter2")) {
			if strings.Contains(output, secret) {
				t.Errorf("%s shows %q:\n%s", how, secret, output)
			}
		}
	}
	if got := setting(t, c, "JWT_SECRET").Value; got != "••••" {
		t.Errorf("a masked secret shows as %q", got)
	}
}

func TestSecret_forms(t *testing.T) {
	t.Parallel()
	s := config.NewSecret("hunter2")
	encoded, err := json.Marshal(map[string]any{"a": s, "b": &s, "c": config.Secret{}})
	if err != nil || string(encoded) != `{"a":"••••","b":"••••","c":""}` {
		t.Errorf("JSON is %s, %v", encoded, err)
	}
	for _, got := range []string{s.String(), s.GoString(), s.LogValue().String(), fmt.Sprintf("%#v", s), fmt.Sprintf("%d", s)} {
		if got != "••••" {
			t.Errorf("shows %q", got)
		}
	}
	if s.Reveal() != "hunter2" || !s.IsSet() || (config.Secret{}).IsSet() || (config.Secret{}).Reveal() != "" {
		t.Error("does not reveal what it holds")
	}
}

func TestSecretURL_showsTheServerAndNoPassword(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres://desk:hunter2@db:5432/desk?sslmode=require": "postgres://desk:••••@db:5432/desk?sslmode=require",
		"postgres://desk@db/desk?password=hunter2":             "postgres://desk@db/desk?password=••••",
		"postgres:///desk?host=%2Frun%2Fpg&user=x":             "postgres:///desk?host=%2Frun%2Fpg&user=x",
		"postgres://desk:1/hunter2@db/desk":                    "••••",
		"postgres://desk:1#hunter2@db/desk":                    "••••",
		"postgres://desk:1@hunter2@db/desk":                    "••••",
		"host=db password=hunter2":                             "••••",
		"redis://:hunter2@cache:6379/0":                        "redis://:••••@cache:6379/0",
		"redis://hunter2@cache":                                "redis://••••@cache",
		"s3://bucket?secret=hunter2&region=eu":                 "s3://bucket?region=eu&secret=••••",
		"":                                                     "",
	} {
		if got := config.NewSecretURL(text).String(); got != want {
			t.Errorf("%q shows as %q, want %q", text, got, want)
		}
	}
}

func TestWriteSettings(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := config.WriteSettings(&out, load(t, map[string]string{"RATE_LIMIT_LOGIN": "off", "PORT": "4000"})); err != nil {
		t.Fatal(err)
	}
	fieldsOf := make(map[string][]string)
	for line := range strings.Lines(out.String()) {
		if words := strings.Fields(line); len(words) >= 3 {
			fieldsOf[words[0]] = words[1:]
		}
	}
	for variable, want := range map[string][]string{
		"PORT": {"4000", "environment"}, "LOG_LEVEL": {"INFO", "default"}, "JWT_SECRET": {"••••", "environment"},
		"REDIS_URL": {"-", "not", "set"}, "BASE_DOMAIN": {"api.example.com", "derived"},
	} {
		if diff := cmp.Diff(want, fieldsOf[variable]); diff != "" {
			t.Errorf("%s: %s", variable, diff)
		}
	}
	if _, warnings, found := strings.Cut(out.String(), "\nWarnings\n"); !found || !strings.Contains(warnings, "RATE_LIMIT_LOGIN lets anybody") {
		t.Errorf("the warning is not there:\n%s", out.String())
	}
}

// The example is an .env file: with its lines uncommented, nothing changes.
func TestWriteExample(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := config.WriteExample(&out); err != nil {
		t.Fatal(err)
	}
	variables := make(map[string]string)
	var names []string
	for line := range strings.Lines(out.String()) {
		name, value, found := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), "=")
		if found && !strings.Contains(name, " ") {
			names = append(names, name)
			variables[name] = value
		} else if !strings.HasPrefix(line, "#") && line != "\n" {
			t.Errorf("neither a comment nor a setting: %q", line)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(documented)), slices.Sorted(slices.Values(names))); diff != "" {
		t.Error(diff)
	}
	variables["DATA_DIR"] = t.TempDir()
	fromExample, err := config.Load(variables)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := config.Load(map[string]string{"DATA_DIR": variables["DATA_DIR"]})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range plain.Settings() {
		if got := fromExample.Settings()[i]; got.Value != s.Value {
			t.Errorf("%s is %q with the example, %q without", s.Variable, got.Value, s.Value)
		}
	}
}

func TestLoad_doesNotReadTheProcess(t *testing.T) {
	t.Setenv("PORT", "4321")
	if c := load(t, nil); c.Port != 3001 {
		t.Errorf("port %d came from the process", c.Port)
	}
	variables := config.Environ()
	variables["DATA_DIR"] = filepath.Join(t.TempDir(), "data")
	if c, err := config.Load(variables); err != nil || c.Port != 4321 {
		t.Errorf("port %d, err %v; want the process's 4321", c.Port, err)
	}
	if _, err := os.Stat(variables["DATA_DIR"]); err != nil {
		t.Error(err)
	}
}

func TestNothingPrintsASecret_problemsAndWarnings(t *testing.T) {
	t.Parallel()
	set := full(t)
	set["JWT_SECRET"] = "hunter2-short"
	set["JWT_REFRESH_SECRET"] = "hunter2-short"
	set["ENCRYPTION_KEY"] = "hunter2-key"
	set["DATABASE_URL"] = "hunter2://x"
	set["REDIS_URL"] = "hunter2:/x"
	set["SUPER_ADMIN_PASSWORD"] = "hunter2"
	if text := problemsOf(t, set).Error(); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
	set["APP_ENV"] = "development"
	set["ENCRYPTION_KEY"] = strings.Repeat("0", 64)
	set["DATABASE_URL"], set["REDIS_URL"], set["SUPER_ADMIN_PASSWORD"] = "", "", "hunter2-changeme"
	c := load(t, set)
	if text := fmt.Sprint(c.Warnings()); len(c.Warnings()) < 4 || strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}
