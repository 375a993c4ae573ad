package auth

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// The purposes of tokens. Tokens of the original have none and count as access
// tokens; each purpose has a secret of its own besides.
const (
	accessToken  = "access"
	refreshToken = "refresh"
)

// claims are the original's (contract §6): userId, role, tenantId, iat, exp; with
// the session and a purpose.
type claims struct {
	UserID   id.User    `json:"userId"`
	Role     user.Role  `json:"role"`
	TenantID *id.Tenant `json:"tenantId"`
	Session  id.Session `json:"sid"`
	Purpose  string     `json:"typ,omitempty"`
	jwt.RegisteredClaims
}

func (s *Service) issue(u user.User, session id.Session, now time.Time) (Tokens, error) {
	access, err := sign(s.access, u, session, accessToken, now, accessTime)
	if err != nil {
		return Tokens{}, err
	}
	refresh, err := sign(s.refresh, u, session, refreshToken, now, refreshTime)
	return Tokens{access, refresh}, err
}

func sign(secret []byte, u user.User, session id.Session, purpose string, now time.Time, life time.Duration) (string, error) {
	c := claims{
		UserID: u.ID, Role: u.Role, TenantID: u.TenantID.Ptr(), Session: session, Purpose: purpose,
		RegisteredClaims: jwt.RegisteredClaims{
			ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
		},
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(secret)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

// maxToken is longer than any token of ours or of the original.
const maxToken = 4096

func (s *Service) parse(token string, secret []byte, purpose string) (claims, error) {
	var c claims
	if len(token) > maxToken {
		return c, ErrToken
	}
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return secret, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.clock.Now))
	if err != nil {
		return c, fmt.Errorf("parse token: %w", err)
	}
	if c.UserID.IsZero() || c.Purpose != "" && c.Purpose != purpose {
		return c, ErrToken
	}
	return c, nil
}
