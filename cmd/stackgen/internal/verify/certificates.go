package verify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"regexp"
	"strconv"
	"time"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// certificateFile matches where apply or an authority puts a certificate or its key.
var certificateFile = regexp.MustCompile(topology.CertificateFolder +
	`/[A-Za-z0-9._-]+/(fullchain|privkey|bundle)\.pem`)

// withCertificates has a text name a certificate that is there: one that is good for
// nothing but this question.
func (w work) withCertificates(text string) (string, error) {
	if !certificateFile.MatchString(text) {
		return text, nil
	}
	chain, key, err := pair()
	if err != nil {
		return "", err
	}
	w.put("fullchain.pem", chain)
	w.put("privkey.pem", key)
	w.put("bundle.pem", key+chain)
	return certificateFile.ReplaceAllString(text, w.path("$1.pem")), nil
}

// pair makes a certificate and its key.
func pair() (chain, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"example.net"}, NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return "", "", err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	block := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	return block("CERTIFICATE", der), block("PRIVATE KEY", secret), err
}

// account matches whom hitch becomes, which only root can.
var account = regexp.MustCompile(`(?m)^(user|group) = .*$`)

// hitch reads its configuration and a certificate that is good for the question.
func hitch(w work, f artifact.File) (string, bool) {
	text, err := w.withCertificates(account.ReplaceAllString(f.Content, ""))
	if err != nil {
		return err.Error(), false
	}
	return silent(w.ask("hitch", "-t", "--config", w.put("hitch.conf", text)))
}

// version matches that of nginx in what it says of itself.
var version = regexp.MustCompile(`nginx/1\.([0-9]+)`)

// knowsHTTP2 reports whether the nginx here has the directive, which came with 1.25.1.
func (w work) knowsHTTP2() bool {
	out, _ := w.ask("nginx", "-v")
	m := version.FindStringSubmatch(out)
	if m == nil {
		return true
	}
	minor, err := strconv.Atoi(m[1])
	return err != nil || minor > 24
}
