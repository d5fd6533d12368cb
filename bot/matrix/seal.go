package matrix

import (
	"crypto/aes"
	gcm "crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
)

// sealVersion begins what is sealed; sealPurpose keeps the key from being that
// of anything else made of the same secret.
const (
	sealVersion = 1
	sealPurpose = "briefdesk matrix sign-in 1"
)

// box seals what is kept: AES-256-GCM (NIST SP 800-38D) under a key made with
// HKDF-SHA256 (RFC 5869), with a random nonce of 12 bytes. Sealed bytes are
// version, nonce, ciphertext; the name under which they are kept is bound to
// them.
type box struct{ aead gcm.AEAD }

func newBox(secret []byte) (*box, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, sealPurpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := gcm.NewGCM(block)
	return &box{aead}, err
}

func (b *box) seal(name string, plain []byte) []byte {
	nonce := make([]byte, b.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return b.aead.Seal(append([]byte{sealVersion}, nonce...), nonce, plain, []byte(name))
}

// open reports false for what was not sealed under this name with this key.
func (b *box) open(name string, sealed []byte) ([]byte, bool) {
	head := 1 + b.aead.NonceSize()
	if len(sealed) < head || sealed[0] != sealVersion {
		return nil, false
	}
	plain, err := b.aead.Open(nil, sealed[1:head], sealed[head:], []byte(name))
	return plain, err == nil
}
