package transcribe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/botreserva/botreserva/internal/egress"
)

// OpenAI asks POST {URL}/v1/audio/transcriptions, as OpenAI and those who copy it have it. It
// implements Engine.
type OpenAI struct {
	Client   *http.Client // decides which addresses may be reached: see egress.NewClient
	URL      string       // with or without /v1
	Key      string       // may be empty, for an engine of the hotel's own
	Model    string       // whisper-1 when empty
	Language string       // ISO 639-1; empty: the engine finds out
}

const (
	defaultModel = "whisper-1"
	maxAnswer    = 1 << 20
	maxWords     = 20_000 // characters; an hour of speech has fewer
)

// endpoint returns where recordings are posted.
func (o OpenAI) endpoint() string {
	const path = "/audio/transcriptions"
	base := strings.TrimSuffix(strings.TrimRight(o.URL, "/"), path)
	if !strings.HasSuffix(base, "/v1") {
		base += "/v1"
	}
	return base + path
}

// Transcribe implements Engine.
func (o OpenAI) Transcribe(ctx context.Context, r Recording) (string, error) {
	if r.Size > MaxSize {
		return "", &Error{Reason: "A gravação é grande demais para ser transcrita.", cause: errors.New("the recording is too large")}
	}
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	request, err := o.request(ctx, r)
	if err != nil {
		return "", &Error{Reason: "O endereço da transcrição não é válido. Confira-o nas configurações.", cause: egress.WithoutURL(err)}
	}
	response, err := o.Client.Do(request)
	if err != nil {
		return "", unreachable(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if response.StatusCode != http.StatusOK {
		return "", refused(response.StatusCode)
	}
	var said struct {
		Text *string `json:"text"`
	}
	if err != nil {
		return "", unreachable(err)
	}
	if json.Unmarshal(answer, &said) != nil || said.Text == nil {
		return "", &Error{Status: response.StatusCode, Reason: "O serviço de transcrição respondeu algo que não é uma transcrição. Confira o endereço e o modelo."}
	}
	return tidy(*said.Text), nil
}

// request writes the form around the recording, which is not held in memory: its size is known.
func (o OpenAI) request(ctx context.Context, r Recording) (*http.Request, error) {
	var head, tail bytes.Buffer
	form := multipart.NewWriter(&head)
	fields := [][2]string{{"model", o.Model}, {"response_format", "json"}, {"language", o.Language}}
	if o.Model == "" {
		fields[0][1] = defaultModel
	}
	for _, f := range fields {
		if f[1] == "" {
			continue
		}
		if err := form.WriteField(f[0], f[1]); err != nil {
			return nil, fmt.Errorf("make form: %w", err)
		}
	}
	part := textproto.MIMEHeader{}
	part.Set("Content-Disposition", multipart.FileContentDisposition("file", r.Name))
	part.Set("Content-Type", r.MimeType)
	if _, err := form.CreatePart(part); err != nil {
		return nil, fmt.Errorf("make form: %w", err)
	}
	fmt.Fprintf(&tail, "\r\n--%s--\r\n", form.Boundary())
	size := int64(head.Len()) + r.Size + int64(tail.Len())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, o.endpoint(), io.MultiReader(&head, io.LimitReader(r.Content, r.Size), &tail))
	if err != nil {
		return nil, err
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "BotReserva")
	if o.Key != "" {
		request.Header.Set("Authorization", "Bearer "+o.Key)
	}
	return request, nil
}

func unreachable(err error) *Error {
	if errors.Is(err, egress.ErrForbiddenAddress) {
		return &Error{Reason: "O endereço da transcrição aponta para uma rede interna, que não pode ser acessada daqui.", cause: egress.ErrForbiddenAddress}
	}
	return &Error{IsPassing: true, Reason: "O serviço de transcrição não respondeu a tempo.", cause: egress.WithoutURL(err)}
}

func refused(status int) *Error {
	e := &Error{Status: status, Reason: fmt.Sprintf("O serviço de transcrição recusou a gravação (%d). Confira o modelo.", status)}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.Reason = fmt.Sprintf("O serviço de transcrição recusou a chave (%d). Confira-a nas configurações.", status)
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status/100 == 3:
		e.Reason = fmt.Sprintf("No endereço da transcrição não há um serviço compatível com o da OpenAI (%d). Confira o endereço e o modelo.", status)
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.IsPassing, e.Reason = true, fmt.Sprintf("O serviço de transcrição não está atendendo (%d).", status)
	}
	return e
}

// tidy makes what an engine says fit to be stored and shown.
func tidy(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == '\x7f' || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
	if runes := []rune(text); len(runes) > maxWords {
		return string(runes[:maxWords])
	}
	return text
}
