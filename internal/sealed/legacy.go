package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// OpenLegacy decrypts a value of the system that we replace: hex(iv):hex(ciphertext),
// AES-256-CBC with PKCS #7 padding, under the 64 hexadecimal digits of its
// ENCRYPTION_KEY. It is for moving hotels over, never for values of ours: nothing in
// such a value tells whether somebody changed it. The empty text opens to the empty
// text; everything that cannot be read is ErrOpen, whatever was wrong with it.
func OpenLegacy(hexKey, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	key, errKey := hex.DecodeString(strings.TrimSpace(hexKey))
	ivText, bodyText, found := strings.Cut(value, ":")
	iv, errIV := hex.DecodeString(ivText)
	body, errBody := hex.DecodeString(bodyText)
	if errKey != nil || errIV != nil || errBody != nil || !found || len(key) != 32 || len(iv) != aes.BlockSize ||
		len(body) == 0 || len(body)%aes.BlockSize != 0 {
		return "", ErrOpen
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", ErrOpen
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(body, body)
	length, ok := unpadded(body)
	if !ok {
		return "", ErrOpen
	}
	return string(body[:length]), nil
}

// unpadded returns how much of a text is before its padding. It looks at a whole block
// whatever it finds, so that its time tells nothing.
func unpadded(text []byte) (int, bool) {
	last := text[len(text)-aes.BlockSize:]
	pad := int(last[aes.BlockSize-1])
	good := subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, aes.BlockSize)
	for i, b := range last {
		inPadding := subtle.ConstantTimeLessOrEq(aes.BlockSize-i, pad)
		good &= subtle.ConstantTimeSelect(inPadding, subtle.ConstantTimeByteEq(b, byte(pad)), 1)
	}
	return len(text) - pad, good == 1
}
