// Package auth says who somebody is: people by password and tokens, flows by key.
// What they may do is decided where it is done, by role and scope. Start with
// Service.Authenticate; tokens.go has the claims.
package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

// Principal is a person who has logged in.
type Principal struct {
	User    user.User
	Session id.Session // zero for tokens of the original, which know no sessions
	Expires time.Time  // of the access token
}

// Refusals.
var (
	ErrCredentials = fault.New(fault.Unauthorized, "invalid_credentials", "E-mail or password is wrong.")
	ErrToken       = fault.New(fault.Unauthorized, "invalid_token", "The access token is missing, expired or not ours. Log in again.")
	ErrPassword    = fault.New(fault.Invalid, "password_invalid", "A password has 8 to 72 characters.")
)

const (
	accessTime  = 8 * time.Hour
	refreshTime = 7 * 24 * time.Hour
	tabsGrace   = 30 * time.Second // two tabs may refresh at the same moment
	// seenFor is how long an answer of the database about a user is believed: a
	// suspended user is out after it.
	seenFor = 3 * time.Second
	maxSeen = 50_000
	// cost of bcrypt, as the original's, so that its hashes stay good.
	cost = 12
)

// Service logs people in and checks tokens.
type Service struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
	access    []byte
	refresh   []byte
	hashing   chan struct{} // bcrypt is heavy: two at a time

	mu    sync.Mutex
	age   int // changes whenever something is forgotten
	seen  map[seenKey]seen
	flows map[id.Tenant]FlowCall
}

type seenKey struct {
	user    id.User
	session id.Session
}

type seen struct {
	user  user.User
	err   error
	until time.Time
}

// decoy is compared with when nobody has the e-mail, so that the answer takes as
// long: the hash, at the same cost, of a random text that was thrown away.
const decoy = "$2a$12$BhfUo0XD8JjCGVf2yZ0dgODcYGPfwDS7z7wLnp1ZonUyFwxrnK.ja"

// errSecrets is a mistake of whoever put the product together.
var errSecrets = errors.New("access and refresh tokens need a secret each, and not the same")

// New makes the service. The secrets sign access and refresh tokens; they must
// differ, because tokens of the original do not say what they are for.
func New(db *postgres.DB, dir *directory.Directory, c clock.Clock, accessSecret, refreshSecret string) (*Service, error) {
	if accessSecret == "" || refreshSecret == "" || accessSecret == refreshSecret {
		return nil, errSecrets
	}
	return &Service{
		db: db, directory: dir, clock: c, access: []byte(accessSecret), refresh: []byte(refreshSecret),
		hashing: make(chan struct{}, 2), seen: map[seenKey]seen{}, flows: map[id.Tenant]FlowCall{},
	}, nil
}

// Tokens is what a log-in gives.
type Tokens struct {
	Access  string
	Refresh string
}

// Login checks e-mail and password and starts a session. slug, if not empty, is the
// hotel through whose address the person logs in: it must be theirs. Every refusal
// is ErrCredentials and takes the same time, whatever was wrong.
func (s *Service) Login(ctx context.Context, email, password, slug string) (user.User, Tokens, error) {
	account, err := s.db.SystemAccountByEmail(ctx, strings.TrimSpace(email))
	if err != nil && !errors.Is(err, user.ErrNotFound) {
		return user.User{}, Tokens{}, err
	}
	hash := []byte(account.PasswordHash)
	if err != nil {
		hash = []byte(decoy)
	}
	if !s.matches(ctx, hash, password) || err != nil || account.Status != user.Active {
		return user.User{}, Tokens{}, ErrCredentials
	}
	if err := s.mayEnter(ctx, account.User, slug); err != nil {
		return user.User{}, Tokens{}, err
	}
	tokens, err := s.open(ctx, account.User)
	return account.User, tokens, err
}

func (s *Service) matches(ctx context.Context, hash []byte, password string) bool {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false
	}
	return bcrypt.CompareHashAndPassword(hash, []byte(password)) == nil
}

// mayEnter checks that the person's hotel works and, if one was named, that it is
// theirs.
func (s *Service) mayEnter(ctx context.Context, u user.User, slug string) error {
	if u.Role == user.SuperAdmin {
		return nil
	}
	hotel, err := s.directory.Hotel(ctx, u.TenantID)
	switch {
	case err != nil:
		return err
	case hotel.MayWork(s.clock.Now()) != nil:
		return hotel.MayWork(s.clock.Now())
	case slug != "" && slug != hotel.Slug:
		return ErrCredentials
	default:
		return nil
	}
}

func (s *Service) open(ctx context.Context, u user.User) (Tokens, error) {
	now := s.clock.Now()
	session := id.NewSession()
	tokens, err := s.issue(u, session, now)
	if err != nil {
		return Tokens{}, err
	}
	return tokens, s.db.SystemOpenSession(ctx, session, u.ID, hashOf(tokens.Refresh), now, now.Add(refreshTime))
}

// Refresh gives new tokens for a refresh token. See postgres.DB.SystemRotate for how
// a stolen one is found out.
func (s *Service) Refresh(ctx context.Context, token string) (Tokens, error) {
	claims, err := s.parse(token, s.refresh, refreshToken)
	if err != nil {
		return Tokens{}, postgres.ErrNoSession
	}
	account, err := s.db.SystemAccount(ctx, claims.UserID)
	if errors.Is(err, user.ErrNotFound) || err == nil && account.Status != user.Active {
		return Tokens{}, postgres.ErrNoSession
	}
	if err != nil {
		return Tokens{}, err // says nothing about the log-in: nobody is to be sent away for it
	}
	if err := s.mayEnter(ctx, account.User, ""); err != nil {
		return Tokens{}, err
	}
	now := s.clock.Now()
	tokens, err := s.issue(account.User, claims.Session, now)
	if err != nil {
		return Tokens{}, err
	}
	owner, _, err := s.db.SystemRotate(ctx, hashOf(token), hashOf(tokens.Refresh), now, tabsGrace)
	if err == nil && owner != account.ID {
		err = postgres.ErrNoSession
	}
	if err != nil {
		return Tokens{}, err
	}
	return tokens, nil
}

// Logout ends the session of a principal: its access and refresh tokens are refused
// from now on.
func (s *Service) Logout(ctx context.Context, p Principal) error {
	defer s.Forget(stale.Session(p.Session))
	return s.db.SystemEndSession(ctx, p.Session, s.clock.Now())
}

// Authenticate checks an access token. The user's role and state come from the
// database, so that a change counts within seconds; ErrToken is returned for a token
// that is wrong, expired or of an ended session, tenant.ErrSuspended for a hotel
// that may not work.
func (s *Service) Authenticate(ctx context.Context, token string) (Principal, error) {
	claims, err := s.parse(token, s.access, accessToken)
	if err != nil {
		return Principal{}, ErrToken
	}
	u, err := s.see(ctx, seenKey{claims.UserID, claims.Session})
	if err != nil {
		return Principal{}, err
	}
	return Principal{User: u, Session: claims.Session, Expires: claims.ExpiresAt.Time}, nil
}

// see returns a user who may work now.
func (s *Service) see(ctx context.Context, key seenKey) (user.User, error) {
	now := s.clock.Now()
	s.mu.Lock()
	known, ok := s.seen[key]
	age := s.age
	s.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.user, known.err
	}
	u, err := s.look(ctx, key)
	if err != nil && fault.Of(err).Kind == fault.Internal || errors.Is(err, fault.ErrUnavailable) {
		return u, err // says nothing about the user
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if age != s.age {
		return u, err // something changed meanwhile: perhaps this
	}
	if len(s.seen) >= maxSeen {
		clear(s.seen)
	}
	s.seen[key] = seen{u, err, now.Add(seenFor)}
	return u, err
}

// Forget drops what is remembered about those whom a notice concerns: the next look is
// at the database.
func (s *Service) Forget(n stale.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.seen, func(k seenKey, known seen) bool { return n.Concerns(known.user.TenantID, k.user, k.session) })
	s.age++
}

func (s *Service) look(ctx context.Context, key seenKey) (user.User, error) {
	account, err := s.db.SystemAccount(ctx, key.user)
	if errors.Is(err, user.ErrNotFound) || err == nil && account.Status != user.Active {
		return user.User{}, ErrToken
	}
	if err != nil {
		return user.User{}, err
	}
	if !key.session.IsZero() {
		live, err := s.db.SystemSessionIsLive(ctx, key.session, s.clock.Now())
		if err != nil {
			return user.User{}, err
		}
		if !live {
			return user.User{}, ErrToken
		}
	}
	return account.User, s.mayEnter(ctx, account.User, "")
}

// HashPassword prepares a password for storage, or returns ErrPassword. bcrypt reads
// no more than 72 bytes.
func HashPassword(password string) (string, error) {
	if len([]rune(password)) < 8 || len(password) > 72 {
		return "", ErrPassword
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	return string(hash), err
}

// hashOf is how tokens and keys are stored: they are long and random, so a plain
// hash is enough.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
