package redisbus

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

// dialTime is how long it may take to connect; exchangeTime, how long Redis may take to
// answer where nothing else is said.
const (
	dialTime     = time.Second
	exchangeTime = 2 * time.Second
)

// errAddress does not show the address: it may hold a password.
var errAddress = errors.New("REDIS_URL is not an address of a Redis server such as redis://:password@host:6379/0")

// address is where a Redis listens, and how to get in.
type address struct {
	network, at string
	options     []redis.DialOption
}

// parse reads redis://user:password@host:port/database, rediss:// for TLS, and
// unix://user:password@/path?db=database.
func parse(text string) (address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" {
		return address{}, errAddress
	}
	a := address{options: []redis.DialOption{
		redis.DialConnectTimeout(dialTime), redis.DialReadTimeout(exchangeTime), redis.DialWriteTimeout(exchangeTime),
		redis.DialTLSHandshakeTimeout(dialTime), redis.DialUseTLS(u.Scheme == "rediss"), redis.DialUsername(u.User.Username()),
	}}
	if password, given := u.User.Password(); given {
		a.options = append(a.options, redis.DialPassword(password))
	}
	database := strings.Trim(u.Path, "/")
	switch {
	case u.Scheme == "unix" && u.Path != "":
		a.network, a.at, database = "unix", u.Path, u.Query().Get("db")
	case (u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "":
		a.network, a.at = "tcp", net.JoinHostPort(u.Hostname(), portOf(u))
	default:
		return address{}, errAddress
	}
	if database != "" {
		n, err := strconv.Atoi(database)
		if err != nil {
			return address{}, errAddress
		}
		a.options = append(a.options, redis.DialDatabase(n))
	}
	return a, nil
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return "6379"
}

func (a address) dial(ctx context.Context) (redis.Conn, error) {
	return redis.DialContext(ctx, a.network, a.at, a.options...)
}
