package decode

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
)

// namespace is the UUID under which all names of ours are hashed: version 5 of
// "stackgen.invalid" in the DNS namespace of RFC 9562 section 6.6.
var namespace = [16]byte{0xb8, 0x9d, 0x4d, 0x0d, 0x04, 0x8b, 0x5a, 0x39, 0xb8, 0xe7, 0xe7, 0xad, 0xda, 0xf6, 0xe8, 0x2d}

// uuidOf is the version 5 UUID of a name, RFC 9562 section 5.5.
func uuidOf(name string) string {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write([]byte(name))
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	s := hex.EncodeToString(u)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// macOf is a MAC address in 52:54:00, the locally administered range that QEMU
// uses, with the rest from a name.
func macOf(name string) string {
	sum := sha1.Sum([]byte(name))
	return fmt.Sprintf("52:54:00:%02x:%02x:%02x", sum[0], sum[1], sum[2])
}
