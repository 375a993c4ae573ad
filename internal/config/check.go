package config

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check looks at each setting that was read, and fills those that follow from others.
func (l *loader) check() {
	l.checkServer()
	l.checkAddresses()
	l.checkMetrics()
	l.checkDatabase()
	l.checkRedis()
	l.checkWhatsApp()
	l.checkMedia()
	l.checkBackup()
	l.checkSuperAdmin()
	l.checkMail()
	l.checkCareless()
}

// maxShutdownDelay is as long as anybody waits for a service to stop before they kill it.
const maxShutdownDelay = time.Minute

func (l *loader) checkServer() {
	if c := &l.cfg; c.Port < 0 || c.Port > 65535 {
		l.wrong("PORT", wrongf("%d is not a port", c.Port))
	}
	if d := l.cfg.ShutdownDelay; d < 0 || d > maxShutdownDelay {
		l.wrong("SHUTDOWN_DELAY", wrongf("%s is out of range", d))
	}
}

// minMetricsToken is how long a token must be that guards the profiles.
const minMetricsToken = 16

func (l *loader) checkMetrics() {
	c := &l.cfg
	switch host, port, err := net.SplitHostPort(c.MetricsAddr); {
	case c.MetricsAddr == "":
		if c.MetricsToken.IsSet() {
			l.warn("METRICS_TOKEN", "has no effect without METRICS_ADDR", "METRICS_ADDR as well, or neither")
		}
	case err != nil || !isPort(port):
		l.wrong("METRICS_ADDR", wrongf("%s is not an address with a port", quote(c.MetricsAddr)))
	case c.MetricsToken.IsSet() && len(c.MetricsToken.Reveal()) < minMetricsToken:
		l.wrong("METRICS_TOKEN", wrongf("it is too short"))
	case !c.MetricsToken.IsSet() && !isLocal(host):
		l.wrong("METRICS_TOKEN", wrongf("it is missing, and METRICS_ADDR can be reached from elsewhere"))
	}
}

// checkAddresses settles under which name the world knows us: PUBLIC_URL and BASE_DOMAIN each follow from the other.
func (l *loader) checkAddresses() {
	c := &l.cfg
	if c.BaseDomain != "" && !isHost(c.BaseDomain) {
		l.wrong("BASE_DOMAIN", wrongf("%s is not a host name", quote(c.BaseDomain)))
		return
	}
	u := &url.URL{Scheme: "http", Host: "localhost:" + strconv.Itoa(c.Port)}
	switch {
	case c.PublicURL != "":
		if u = l.webURL("PUBLIC_URL", &c.PublicURL); u == nil {
			return
		}
	case c.BaseDomain != "" && !isLocal(c.BaseDomain):
		u = &url.URL{Scheme: "https", Host: c.BaseDomain}
	}
	if c.PublicURL == "" {
		c.PublicURL = u.String()
		l.derived("PUBLIC_URL")
	}
	if c.BaseDomain == "" {
		c.BaseDomain = u.Host
		l.derived("BASE_DOMAIN")
	}
	if c.InProduction() && (u.Scheme != "https" || isLocal(u.Host)) {
		l.warn("PUBLIC_URL", "is "+c.PublicURL+", where neither Meta nor a guest's phone can reach us safely", fieldOf("PUBLIC_URL").want)
	}
}

// webURL checks an address and takes the slashes off its end, so that paths can be appended.
func (l *loader) webURL(variable string, value *string) *url.URL {
	u, err := parseWebURL(*value)
	if err != nil {
		l.wrong(variable, err)
		return nil
	}
	*value = strings.TrimRight(*value, "/")
	return u
}

func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && addr.IsLoopback())
}

// keywordForm is PostgreSQL's other way to write an address: host=/run/postgresql dbname=hotel.
var keywordForm = regexp.MustCompile(`^\s*[a-z_]+\s*=`)

func (l *loader) checkDatabase() {
	c := &l.cfg
	if text := c.DatabaseURL.Reveal(); text != "" && !keywordForm.MatchString(text) {
		if !hasScheme(text, "postgres", "postgresql") {
			l.wrong("DATABASE_URL", wrongf("it is not an address of a PostgreSQL database"))
		}
	}
	if c.DatabaseMaxConns < 4 || c.DatabaseMaxConns > 1000 {
		l.wrong("DATABASE_MAX_CONNS", wrongf("%d is out of range", c.DatabaseMaxConns))
	}
}

// hasScheme never quotes the text: it may hold a password.
func hasScheme(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains(schemes, u.Scheme) && u.Opaque == ""
}

// checkRedis leaves one address in RedisURL, or none.
func (l *loader) checkRedis() {
	c := &l.cfg
	switch {
	case c.RedisURL.IsSet():
		if !isRedisURL(c.RedisURL.Reveal()) {
			l.wrong("REDIS_URL", wrongf("it is not an address of a Redis server"))
		}
		if c.RedisHost != "" {
			l.warn("REDIS_HOST", "has no effect beside REDIS_URL", "only one of the two")
		}
	case c.RedisHost != "":
		l.composeRedis()
	case c.RedisPassword.IsSet():
		l.warn("REDIS_PASSWORD", "has no effect without REDIS_HOST", "REDIS_HOST as well, or neither")
	}
	if c.RedisURL.IsSet() && !c.DatabaseURL.IsSet() {
		l.warn("REDIS_URL", "has no use yet: only one instance can work on the private database", "DATABASE_URL as well, the same for all instances")
	}
}

// redisPath is the number of a database, or nothing.
var redisPath = regexp.MustCompile(`^/?[0-9]{0,5}$`)

// isRedisURL knows addresses with a host and perhaps the number of a database, and sockets.
func isRedisURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" {
		return false
	}
	switch u.Scheme {
	case "redis", "rediss":
		return u.Hostname() != "" && (u.Port() == "" || isPort(u.Port())) && redisPath.MatchString(u.Path)
	case "unix":
		return u.Host == "" && strings.Trim(u.Path, "/") != ""
	default:
		return false
	}
}

// composeRedis reads the port only here: where Docker or Kubernetes link a service named redis, they set REDIS_PORT to
// an address, which is no reason to stop when nobody asked for Redis.
func (l *loader) composeRedis() {
	c := &l.cfg
	host := strings.Trim(c.RedisHost, "[]")
	if addr, err := netip.ParseAddr(host); (err != nil || !addr.IsValid()) && !hostName.MatchString(host) {
		l.wrong("REDIS_HOST", wrongf("%s is not a host", quote(c.RedisHost)))
		return
	}
	if !isPort(c.RedisPort) {
		l.wrong("REDIS_PORT", wrongf("%s is not a port", quote(c.RedisPort)))
		return
	}
	u := url.URL{Scheme: "redis", Host: net.JoinHostPort(host, c.RedisPort)}
	if c.RedisPassword.IsSet() {
		u.User = url.UserPassword("", c.RedisPassword.Reveal())
	}
	c.RedisURL = NewSecretURL(u.String())
	l.derived("REDIS_URL")
}

// bucketName is what S3 lets a bucket be called.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

var graphVersion = regexp.MustCompile(`^v[1-9][0-9]{0,2}\.[0-9]$`)

func (l *loader) checkWhatsApp() {
	c := &l.cfg
	l.webURL("WHATSAPP_API_URL", &c.WhatsAppAPIURL)
	if !graphVersion.MatchString(c.WhatsAppAPIVersion) {
		l.wrong("WHATSAPP_API_VERSION", wrongf("%s is not a version of the Graph API", quote(c.WhatsAppAPIVersion)))
	}
}

func (l *loader) checkMedia() {
	c := &l.cfg
	if text := c.MediaStorageURL.Reveal(); text != "" {
		if !isBucket(text) {
			l.wrong("MEDIA_STORAGE_URL", wrongf("it is not an address of a bucket; host, key and secret are settings of their own (S3_…)"))
		} else if c.S3AccessKeyID == "" || !c.S3SecretKey.IsSet() {
			l.wrong("S3_ACCESS_KEY_ID", wrongf("the object storage wants it and S3_SECRET_ACCESS_KEY"))
		}
		if c.MediaStoragePath != "" {
			l.warn("MEDIA_STORAGE_PATH", "has no effect beside MEDIA_STORAGE_URL", "only one of the two")
		}
	}
	if c.S3Endpoint != "" {
		l.webURL("S3_ENDPOINT", &c.S3Endpoint)
	}
	if c.MediaStoragePath == "" {
		c.MediaStoragePath = filepath.Join(c.DataDir, "media")
		l.derived("MEDIA_STORAGE_PATH")
	}
	if c.MediaBaseURL == "" {
		c.MediaBaseURL = c.PublicURL + "/api/media"
		l.derived("MEDIA_BASE_URL")
		return
	}
	l.webURL("MEDIA_BASE_URL", &c.MediaBaseURL)
}

func (l *loader) checkBackup() {
	c := &l.cfg
	if !slices.Contains([]string{"auto", "copy", "list"}, c.BackupMedia) {
		l.wrong("BACKUP_MEDIA", wrongf("%s is none of auto, copy and list", quote(c.BackupMedia)))
	}
	switch {
	case c.BackupURL == "" && c.BackupKey.IsSet():
		l.warn("BACKUP_KEY", "has no effect without BACKUP_URL", "BACKUP_URL as well, or neither")
	case c.BackupURL != "" && !strings.HasPrefix(c.BackupKey.Reveal(), "AGE-SECRET-KEY-1"):
		l.wrong("BACKUP_KEY", wrongf("it is missing beside BACKUP_URL, or no such key"))
	}
	if !strings.Contains(c.BackupURL, "://") {
		return
	}
	if !isBucket(c.BackupURL) {
		l.wrong("BACKUP_URL", wrongf("it is neither a folder nor an address of a bucket; host, key and secret are settings of their own (S3_…)"))
	} else if c.S3AccessKeyID == "" || !c.S3SecretKey.IsSet() {
		l.wrong("S3_ACCESS_KEY_ID", wrongf("the object storage wants it and S3_SECRET_ACCESS_KEY"))
	}
}

// isBucket knows s3://bucket and s3://bucket/folder.
func isBucket(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "s3" && u.Opaque == "" && u.User == nil && u.Port() == "" && bucketName.MatchString(u.Host) && u.RawQuery == ""
}

func (l *loader) checkSuperAdmin() {
	c := &l.cfg
	password := c.SuperAdminPassword.Reveal()
	if address, err := mail.ParseAddress(c.SuperAdminEmail); c.SuperAdminEmail != "" && (err != nil || address.Address != c.SuperAdminEmail) {
		l.wrong("SUPER_ADMIN_EMAIL", wrongf("%s is not an e-mail address", quote(c.SuperAdminEmail)))
	}
	switch {
	case c.SuperAdminEmail == "" && password == "":
	case password == "":
		l.wrong("SUPER_ADMIN_PASSWORD", fault("is missing beside SUPER_ADMIN_EMAIL"))
	case c.SuperAdminEmail == "":
		l.wrong("SUPER_ADMIN_EMAIL", fault("is missing beside SUPER_ADMIN_PASSWORD"))
	case len([]rune(password)) < 8 || len(password) > 72: // bcrypt takes no more than 72 bytes
		l.wrong("SUPER_ADMIN_PASSWORD", fault("has "+strconv.Itoa(len([]rune(password)))+" characters, and at least 8 and at most 72 bytes are taken"))
	case isWellKnown(password):
		l.strict("SUPER_ADMIN_PASSWORD", "is a well-known password", fieldOf("SUPER_ADMIN_PASSWORD").want)
	}
}

func (l *loader) checkMail() {
	c := &l.cfg
	if text := c.SMTPURL.Reveal(); text != "" {
		if u, err := url.Parse(text); err != nil || u.Hostname() == "" || !slices.Contains([]string{"smtp", "smtps"}, u.Scheme) {
			l.wrong("SMTP_URL", wrongf("it is not an address of a mail server"))
		}
		if c.MailFrom == "" {
			l.wrong("MAIL_FROM", fault("is missing beside SMTP_URL"))
		}
	}
	if _, err := mail.ParseAddress(c.MailFrom); c.MailFrom != "" && err != nil {
		l.wrong("MAIL_FROM", wrongf("%s is not an e-mail address", quote(c.MailFrom)))
	}
}

// checkCareless warns of settings that work and open a door.
func (l *loader) checkCareless() {
	c := &l.cfg
	for _, network := range c.TrustedProxies {
		if network.Bits() == 0 {
			l.warn("TRUSTED_PROXIES", "trusts the whole internet, so that anybody may claim to be any client", "the addresses of your own proxies")
		}
	}
	if c.InProduction() && c.AllowPrivateURLs {
		l.warn("ALLOW_PRIVATE_URLS", "lets any hotel reach into your private network", "false, unless every hotel is your own")
	}
	if c.InProduction() && c.RateLimitLogin.Off() && !l.unread["RATE_LIMIT_LOGIN"] {
		l.warn("RATE_LIMIT_LOGIN", "lets anybody try as many passwords as they like", fieldOf("RATE_LIMIT_LOGIN").want)
	}
}
