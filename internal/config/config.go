// Package config is the only reader of the environment. Load turns it into one checked Config, or says everything that
// is wrong with it at once.
//
// Here: the settings with their defaults and documentation (this file), reading them (load.go), what makes a value
// acceptable (check.go, address.go, strength.go), secrets that do not print (secret.go), those that are made on the first
// start (generated.go), and what `botreserva config` shows (describe.go). Not here: settings of one hotel, which are rows
// of the database, and what the settings are used for.
package config

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Config is every setting of the process. Load makes it; it does not change afterwards.
//
// Tags: doc is what a reader of the example file sees, want completes the sentence "set …" when the value is wrong, and
// section starts a new heading.
type Config struct {
	Environment      Environment   `env:"APP_ENV"            envDefault:"development" section:"Server" doc:"development, test, staging or production. In production every secret must be given." want:"development, test, staging or production"`
	Port             int           `env:"PORT"               envDefault:"3001"        doc:"TCP port of the API, the sockets and the dashboard. 0 takes a free one, and then PUBLIC_URL should be set if links matter." want:"a port from 0 to 65535"`
	LogLevel         slog.Level    `env:"LOG_LEVEL"          envDefault:"info"        doc:"debug, info, warn or error." want:"debug, info, warn or error"`
	DataDir          string        `env:"DATA_DIR"           envDefault:"./data"      doc:"Folder of everything that is kept on this machine: the private database, media, generated secrets." want:"a folder that this user may write"`
	PublicURL        string        `env:"PUBLIC_URL"         doc:"Address under which the world reaches this server, as written into webhook and media links. Empty: https://BASE_DOMAIN when that is set, else http://localhost:PORT." want:"an address such as https://api.example.com"`
	FrontendOrigins  Origins       `env:"FRONTEND_URL"       doc:"Origins of dashboards that are served from elsewhere, separated by commas. Our own needs no entry." want:"origins such as https://app.example.com, separated by commas"`
	BaseDomain       string        `env:"BASE_DOMAIN"        doc:"Domain whose first label names the hotel: grand.example.com. Empty: the host of PUBLIC_URL." want:"a host name without scheme and path, such as example.com"`
	TrustedProxies   Networks      `env:"TRUSTED_PROXIES"    doc:"Addresses or networks (CIDR) of the proxies in front, separated by commas. Only they are believed when they say who the client is." want:"addresses such as 10.0.0.7 or networks such as 10.0.0.0/8, separated by commas"`
	AllowPrivateURLs bool          `env:"ALLOW_PRIVATE_URLS" envDefault:"false" doc:"Let addresses that hotels typed, such as their n8n's, point into private networks. For development and for a flow beside us." want:"true or false"`
	ShutdownDelay    time.Duration `env:"SHUTDOWN_DELAY" envDefault:"0s" doc:"How long requests are still served after a request to stop, while /health/ready says 503: as long as the proxy needs to notice." want:"a duration from 0s to 60s, such as 5s"`

	MetricsAddr  string `env:"METRICS_ADDR"  section:"Observation" doc:"Address, such as 127.0.0.1:9464, where Prometheus reads /metrics, and Go's profiles lie below /debug/pprof/. Empty: nowhere. Keep it out of strangers' reach." want:"an address such as 127.0.0.1:9464"`
	MetricsToken Secret `env:"METRICS_TOKEN" doc:"What readers show there as a bearer token. Needed unless the address is on this machine alone." want:"at least 16 random characters, for example from: openssl rand -hex 16"`

	DatabaseURL      SecretURL `env:"DATABASE_URL"       section:"Database" doc:"PostgreSQL 15 or later. Empty: a private one is started in DATA_DIR." want:"an address such as postgres://user:password@host:5432/database"`
	DatabaseMaxConns int       `env:"DATABASE_MAX_CONNS" envDefault:"20"   doc:"Most connections that one process opens." want:"a number from 4 to 1000"`
	MigrateOnStart   bool      `env:"MIGRATE_ON_START"   envDefault:"true" doc:"Bring the schema up to date on start. When false, run botreserva migrate up." want:"true or false"`
	PostgresBin      string    `env:"POSTGRES_BIN"       doc:"Folder with the programs for the private PostgreSQL (postgres, initdb). Empty: looked for in the usual places." want:"a folder that holds initdb and postgres"`

	RedisURL      SecretURL `env:"REDIS_URL"      section:"Redis (needed as soon as there is more than one instance)" doc:"redis://, rediss:// or unix:// address, the same for all instances. Empty: made of the three below; without REDIS_HOST everything stays in memory, for one instance." want:"an address such as redis://:password@host:6379/0"`
	RedisHost     string    `env:"REDIS_HOST"     doc:"Host, when REDIS_URL is empty." want:"a host name or address without scheme and port"`
	RedisPort     string    `env:"REDIS_PORT"     envDefault:"6379" doc:"Port that goes with REDIS_HOST." want:"a port from 1 to 65535"`
	RedisPassword Secret    `env:"REDIS_PASSWORD" doc:"Password that goes with REDIS_HOST." want:"the password of the Redis server"`

	JWTSecret        Secret `env:"JWT_SECRET"         section:"Secrets (made on the first start and kept in DATA_DIR, but not in production)" doc:"Signs access tokens. At least 32 characters; make one with: openssl rand -hex 32" want:"at least 32 random characters of its own, for example from: openssl rand -hex 32"`
	JWTRefreshSecret Secret `env:"JWT_REFRESH_SECRET" doc:"Signs refresh tokens. At least 32 characters, different from JWT_SECRET." want:"at least 32 random characters of its own, for example from: openssl rand -hex 32"`
	EncryptionKey    Secret `env:"ENCRYPTION_KEY"     doc:"64 hexadecimal digits that encrypt the hotels' tokens at rest. Several, separated by commas: the first encrypts, all decrypt. Losing it loses the tokens." want:"64 random hexadecimal digits (several: separated by commas, the current one first), for example from: openssl rand -hex 32"`

	WhatsAppAPIURL      string `env:"WHATSAPP_API_URL"              section:"WhatsApp" envDefault:"https://graph.facebook.com" doc:"Address of the Cloud API, or of the simulator." want:"an address such as https://graph.facebook.com"`
	WhatsAppAPIVersion  string `env:"WHATSAPP_API_VERSION"          envDefault:"v25.0" doc:"Version of the Graph API." want:"a version such as v25.0"`
	WhatsAppAppSecret   Secret `env:"WHATSAPP_APP_SECRET"           doc:"Secret of the platform's Meta app: verifies webhooks of hotels that have no app of their own." want:"the app secret from Meta's app dashboard"`
	WhatsAppOldSecret   Secret `env:"WHATSAPP_APP_SECRET_PREVIOUS"  doc:"The app's secret before it was changed: what Meta signed with it is still taken. Remove it a day later." want:"the app secret as it was before"`
	WhatsAppVerifyToken Secret `env:"WHATSAPP_WEBHOOK_VERIFY_TOKEN" doc:"Answers Meta's check of the webhook address, for hotels that have no token of their own." want:"the token typed into Meta's webhook settings"`

	MediaStorageURL  SecretURL `env:"MEDIA_STORAGE_URL"  section:"Media" doc:"Object storage for media that speaks S3: s3://bucket or s3://bucket/folder, with the five below. Empty: the folder below." want:"an address such as s3://bucket"`
	S3Endpoint       string    `env:"S3_ENDPOINT"          doc:"Address of the object storage, such as https://account.r2.cloudflarestorage.com. Empty: Amazon's." want:"an address such as https://s3.example.com"`
	S3Region         string    `env:"S3_REGION"            doc:"Region of the bucket; auto for Cloudflare R2. Empty: asked for." want:"a region such as sa-east-1"`
	S3AccessKeyID    string    `env:"S3_ACCESS_KEY_ID"     doc:"Key that may read, write and delete objects of the bucket." want:"the id of a key of the object storage"`
	S3SecretKey      Secret    `env:"S3_SECRET_ACCESS_KEY" doc:"Its secret." want:"the secret that belongs to S3_ACCESS_KEY_ID"`
	S3PathStyle      bool      `env:"S3_PATH_STYLE"        envDefault:"false" doc:"Name the bucket in the path of addresses instead of in the host, for servers of one's own behind one name." want:"true or false"`
	MediaStoragePath string    `env:"MEDIA_STORAGE_PATH" doc:"Folder for media, on a disk that all instances share. Empty: DATA_DIR/media." want:"a folder that this user may write"`
	MediaBaseURL     string    `env:"MEDIA_BASE_URL"     doc:"Address that media links begin with. Empty: PUBLIC_URL/api/media." want:"an address such as https://media.example.com"`

	BackupURL   string    `env:"BACKUP_URL"   section:"Backups" doc:"Folder, or s3://bucket/folder with the S3_ settings above, where backups are kept; another disk or machine than the database's. Empty: none are made." want:"a folder, or an address such as s3://bucket/folder"`
	BackupKey   Secret    `env:"BACKUP_KEY"   doc:"Key that encrypts and opens them; make one with: botreserva backup keygen. Keep a copy elsewhere: without it, backups are worth nothing." want:"a key that begins with AGE-SECRET-KEY-1, from: botreserva backup keygen"`
	BackupAt    TimeOfDay `env:"BACKUP_AT"    envDefault:"06:30" doc:"When, in UTC, a backup is made and tried out every day; off: only by command. 06:30 is 03:30 in Brasília." want:"a time such as 06:30, or off"`
	BackupKeep  Kept      `env:"BACKUP_KEEP"  envDefault:"7d4w6m" doc:"Of how many days, weeks and months one backup each is kept." want:"days, weeks and months such as 7d4w6m"`
	BackupMedia string    `env:"BACKUP_MEDIA" envDefault:"auto" doc:"Whether files of guests are copied beside the backups: copy, list (only what there should be), or auto: copy them from a folder, list those of a bucket." want:"auto, copy or list"`

	SuperAdminEmail    string `env:"SUPER_ADMIN_EMAIL"    section:"First user" doc:"Log-in of the platform's operator, made on the first start when both are set." want:"an e-mail address"`
	SuperAdminPassword Secret `env:"SUPER_ADMIN_PASSWORD" doc:"Its password, 8 to 72 characters." want:"a password of 8 to 72 characters that is not a well-known one"`

	SMTPURL  SecretURL `env:"SMTP_URL"  section:"E-mail (for forgotten passwords)" doc:"Mail server: smtp://user:password@host:587 or smtps://user:password@host:465. Empty: nobody is written to." want:"an address such as smtp://user:password@mail.example.com:587"`
	MailFrom string    `env:"MAIL_FROM" doc:"Sender of our letters, needed with SMTP_URL." want:"an address such as Bot Reserva <nao-responda@example.com>"`

	RateLimitLogin   Limit `env:"RATE_LIMIT_LOGIN"   section:"Rate limits (count/window, or off)" envDefault:"5/15m" doc:"Failed log-ins of one address." want:"count/window such as 5/15m, or off"`
	RateLimitWebhook Limit `env:"RATE_LIMIT_WEBHOOK" envDefault:"1000/1m" doc:"Webhook calls of one address that could not be verified; verified ones are not limited." want:"count/window such as 1000/1m, or off"`
	RateLimitN8N     Limit `env:"RATE_LIMIT_N8N"     envDefault:"5000/1m" doc:"Calls of one hotel's flow." want:"count/window such as 5000/1m, or off"`
	RateLimitAPI     Limit `env:"RATE_LIMIT_API"     envDefault:"100/1m"  doc:"Calls of one user of the dashboard." want:"count/window such as 100/1m, or off"`
	RateLimitMedia   Limit `env:"RATE_LIMIT_MEDIA"   envDefault:"200/1m"  doc:"Media downloads of one address." want:"count/window such as 200/1m, or off"`
	RateLimitCreate  Limit `env:"RATE_LIMIT_CREATE"  envDefault:"20/1m"   doc:"Messages that one user sends." want:"count/window such as 20/1m, or off"`

	origin   map[string]string // where a value came from, by variable
	warnings []Problem
}

// Environment says how strict the process is with its own settings.
type Environment string

// The environments that APP_ENV may name.
const (
	Development Environment = "development"
	Test        Environment = "test"
	Staging     Environment = "staging"
	Production  Environment = "production"
)

// UnmarshalText refuses names that are not known: a misspelt "production" must not start a lax server.
func (e *Environment) UnmarshalText(text []byte) error {
	*e = Environment(strings.ToLower(string(text)))
	if !slices.Contains([]Environment{Development, Test, Staging, Production}, *e) {
		return wrongf("%s is not an environment", quote(string(text)))
	}
	return nil
}

// InProduction reports whether APP_ENV is production.
func (c Config) InProduction() bool { return c.Environment == Production }

// EncryptionKeys lists the keys of ENCRYPTION_KEY in its order, each of 64 hexadecimal digits: the first is for new
// values, the others only for reading older ones.
func (c Config) EncryptionKeys() []string { return splitList(c.EncryptionKey.Reveal()) }

// Warnings are settings with which the process starts although something seems wrong.
func (c Config) Warnings() []Problem { return slices.Clone(c.warnings) }
