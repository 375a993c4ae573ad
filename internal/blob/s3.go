package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Options say where objects are kept, in the words of S3.
type S3Options struct {
	Endpoint  string // https://host[:port]; empty: Amazon's
	Region    string // empty: told by the server, or us-east-1
	Bucket    string
	Prefix    string // of every key; may be empty
	KeyID     string
	Secret    string
	PathStyle bool   // the bucket as a folder of the address instead of in its host name, whatever the host
	Spool     string // a folder of this machine in which objects rest until they are whole
}

// S3 keeps objects in a bucket of Amazon's, of Cloudflare's R2, of MinIO or whatever else
// speaks S3. What is put rests in a file of this machine first: an upload needs its size, a
// try that failed can be repeated, and memory holds none of it.
type S3 struct {
	core   minio.Core
	bucket string
	prefix string
	spool  string
	http   *http.Transport
}

// How long a store over the network may take to answer. Bodies may take longer: whoever
// asks limits that.
const (
	s3Answer = 30 * time.Second
	s3Idle   = 64
)

// OpenS3 makes a store. Nothing is asked yet: see Check.
func OpenS3(o S3Options) (*S3, error) {
	endpoint, err := url.Parse(o.Endpoint)
	if o.Endpoint == "" {
		endpoint, err = &url.URL{Scheme: "https", Host: "s3.amazonaws.com"}, nil
	}
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http" || strings.Trim(endpoint.Path, "/") != "" {
		return nil, errors.New("the endpoint is not an address such as https://s3.example.com")
	}
	transport, err := minio.DefaultTransport(endpoint.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("prepare connections: %w", err)
	}
	transport.ResponseHeaderTimeout, transport.MaxIdleConnsPerHost = s3Answer, s3Idle
	lookup := minio.BucketLookupAuto
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(o.KeyID, o.Secret, ""), Secure: endpoint.Scheme == "https", Region: o.Region,
		BucketLookup: lookup, Transport: transport, MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("use the object storage: %w", err)
	}
	if err := os.MkdirAll(o.Spool, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder in which files rest: %w", err)
	}
	return &S3{core: minio.Core{Client: client}, bucket: o.Bucket, prefix: strings.Trim(o.Prefix, "/"), spool: o.Spool, http: transport}, nil
}

// Close closes idle connections.
func (s *S3) Close() error {
	s.http.CloseIdleConnections()
	return nil
}

func (s *S3) name(key string) string { return path.Join(s.prefix, key) }

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, content io.Reader, size int64) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(filepath.Join(s.spool, uuid.NewString()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("make file: %w", err)
	}
	// Nobody else sees it, and nobody finds it after the process is gone.
	defer func() { _ = file.Close() }()
	if err := os.Remove(file.Name()); err != nil {
		return 0, fmt.Errorf("hide file: %w", err)
	}
	n, err := io.Copy(file, cancellable{ctx, content})
	if err == nil && size >= 0 && n != size {
		err = errShort
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return n, err
	}
	_, err = s.core.Client.PutObject(ctx, s.bucket, s.name(key), file, n, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: n <= onePiece,
	})
	return n, s.explain("put", err)
}

// onePiece is how large an object may be that is sent at once. Servers refuse more than 5 GiB.
const onePiece = 1 << 30

// List implements Lister.
func (s *S3) List(ctx context.Context, under string, fn func(key string, o Info) error) error {
	ctx, stop := context.WithCancel(ctx) // what is still being listed when fn fails
	defer stop()
	folder := strings.TrimPrefix(s.name(under)+"/", "./")
	for o := range s.core.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: folder, Recursive: true}) {
		if o.Err != nil {
			return s.explain("list", o.Err)
		}
		key := strings.TrimPrefix(strings.TrimPrefix(o.Key, s.prefix), "/")
		if err := fn(key, Info{o.Size, o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string, from int64) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	var o minio.GetObjectOptions
	if from > 0 {
		if err := o.SetRange(from, 0); err != nil {
			return nil, fmt.Errorf("open object: %w", err)
		}
	}
	body, _, _, err := s.core.GetObject(ctx, s.bucket, s.name(key), o)
	if err != nil && minio.ToErrorResponse(err).StatusCode == http.StatusRequestedRangeNotSatisfiable {
		return io.NopCloser(strings.NewReader("")), nil // from its end on there is nothing
	}
	if err != nil {
		return nil, s.explain("open", err)
	}
	return body, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	o, err := s.core.StatObject(ctx, s.bucket, s.name(key), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.explain("look at", err)
	}
	return Info{Size: o.Size, At: o.LastModified}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.explain("delete", s.core.RemoveObject(ctx, s.bucket, s.name(key), minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (s *S3) explain(what string, err error) error {
	if err == nil {
		return nil
	}
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return ErrNotFound
	}
	return fmt.Errorf("%s object: %w", what, err)
}

// SettingsError says, for the operator, what is wrong with the settings of a store, and
// what to do. Nothing that passes by itself is one.
type SettingsError struct{ Wrong, Fix string }

// Error implements error.
func (m *SettingsError) Error() string { return m.Wrong + ": " + m.Fix }

// Check puts an object, reads it and deletes it. It returns a *SettingsError where the
// settings are to blame; anything else may pass.
func (s *S3) Check(ctx context.Context) error {
	const text = "Bot Reserva looks whether it may write, read and delete here."
	key := "check/" + uuid.NewString()
	if _, err := s.Put(ctx, key, strings.NewReader(text), int64(len(text))); err != nil {
		return s.diagnose(err, "write")
	}
	body, err := s.Open(ctx, key, 0)
	if err != nil {
		return s.diagnose(err, "read")
	}
	got, err := io.ReadAll(io.LimitReader(body, int64(len(text))+1))
	if err = errors.Join(err, body.Close()); err == nil && string(got) != text {
		err = errors.New("what was read is not what was written")
	}
	if err != nil {
		return fmt.Errorf("read object: %w", err)
	}
	if err := s.Delete(ctx, key); err != nil {
		return s.diagnose(err, "delete")
	}
	return nil
}

func (s *S3) diagnose(err error, doing string) error {
	refusal := minio.ToErrorResponse(errors.Unwrap(err))
	switch refusal.Code {
	case minio.NoSuchBucket:
		return &SettingsError{"there is no bucket " + s.bucket, "make it, or correct MEDIA_STORAGE_URL and S3_REGION"}
	case minio.AccessDenied, "AllAccessDisabled", "AccountProblem":
		return &SettingsError{"the key may not " + doing + " in the bucket " + s.bucket, "allow it s3:GetObject, s3:PutObject and s3:DeleteObject there"}
	case "InvalidAccessKeyId":
		return &SettingsError{"the server does not know the key", "correct S3_ACCESS_KEY_ID"}
	case "SignatureDoesNotMatch":
		return &SettingsError{"the secret does not belong to the key", "correct S3_SECRET_ACCESS_KEY"}
	case "RequestTimeTooSkewed":
		return &SettingsError{"this machine's clock is wrong", "set it (NTP)"}
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
		return &SettingsError{"the bucket is in another region", "correct S3_REGION"}
	}
	if status := refusal.StatusCode; status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests {
		return &SettingsError{"the server refuses to " + doing + " (" + refusal.Code + "): " + refusal.Message, "correct S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY"}
	}
	return err
}
