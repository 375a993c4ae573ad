package picture_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"testing"

	"github.com/botreserva/botreserva/internal/picture"
)

func TestFit(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"jpeg", "png", "gif"} {
		data, err := picture.Fit(encoded(t, format, flag(400, 100)), 200)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		p, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil || p.Bounds().Dx() != 200 || p.Bounds().Dy() != 50 {
			t.Errorf("%s: %v %v", format, p.Bounds(), err)
		}
	}
	if _, err := picture.Fit([]byte("<html>"), 200); !errors.Is(err, picture.ErrFormat) {
		t.Errorf("a page: %v", err)
	}
	if _, err := picture.Fit(bomb(100_000, 100_000), 200); !errors.Is(err, picture.ErrLarge) {
		t.Errorf("a bomb: %v", err)
	}
}
