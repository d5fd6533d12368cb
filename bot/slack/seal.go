package slack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"

	"briefdesk/briefs"
)

// leastSecret is the least that a key is made of, in bytes: 128 bits, where
// they are random.
const leastSecret = 16

// sealVersion begins what is sealed; sealPurpose keeps the key from being that
// of anything else made of the same secret.
const (
	sealVersion = 1
	sealPurpose = "briefdesk slack installs 1"
)

// box seals what is kept: AES-256-GCM (NIST SP 800-38D) under a key made with
// HKDF-SHA256 (RFC 5869), with a random nonce of 12 bytes. Sealed bytes are
// version, nonce, ciphertext; the name under which they are kept is bound to
// them, so that they open under no other.
type box struct{ aead cipher.AEAD }

func newBox(secret []byte) (box, error) {
	if len(secret) == 0 {
		return box{}, briefs.Fault(briefs.ErrInvalid, "BRIEFDESK_SECRET_KEY: is not set, and Slack's tokens are kept sealed with it: set it, for example to what openssl rand -base64 32 prints")
	}
	if len(secret) < leastSecret {
		return box{}, briefs.Fault(briefs.ErrInvalid, "BRIEFDESK_SECRET_KEY: is too short to seal Slack's tokens with: set it, for example to what openssl rand -base64 32 prints")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, sealPurpose, 32)
	if err != nil {
		return box{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return box{}, err
	}
	aead, err := cipher.NewGCM(block)
	return box{aead}, err
}

func (b box) seal(name string, plain []byte) []byte {
	nonce := make([]byte, b.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return b.aead.Seal(append([]byte{sealVersion}, nonce...), nonce, plain, []byte(name))
}

// open reports false for what was not sealed under this name with this key.
func (b box) open(name string, sealed []byte) ([]byte, bool) {
	head := 1 + b.aead.NonceSize()
	if len(sealed) < head || sealed[0] != sealVersion {
		return nil, false
	}
	plain, err := b.aead.Open(nil, sealed[1:head], sealed[head:], []byte(name))
	return plain, err == nil
}
