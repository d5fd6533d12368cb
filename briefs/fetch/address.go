package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"briefdesk/briefs"

	"code.dny.dev/ssrf"
)

// maxAddress is the length of an address in bytes that is still asked for.
const maxAddress = 8 << 10

// parseAddress reads an address that may be asked for, without its fragment.
// Where its host leads is found out as it is dialled.
func parseAddress(s string) (*url.URL, error) {
	if len(s) > maxAddress {
		return nil, fail(briefs.ErrInvalid, "%s: the address is longer than %d bytes: check it", short(s), maxAddress)
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, fail(briefs.ErrInvalid, "%q: is no address: check it", short(s))
	}
	u.Fragment, u.RawFragment = "", ""
	host := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fail(briefs.ErrInvalid, "%s: only addresses of http and https are read: check it", short(s))
	case host == "" || u.Opaque != "":
		return nil, fail(briefs.ErrInvalid, "%s: names no host: check it", short(s))
	case u.User != nil:
		return nil, fail(briefs.ErrInvalid, "%s: has a name or a password before the host, which is never sent: leave it out", short(hideUser(u)))
	case strings.Contains(host, "%"):
		return nil, fail(briefs.ErrInvalid, "%s: names a network interface of this machine: leave it out", short(s))
	case oddNumber(host):
		return nil, fail(briefs.ErrInvalid, "%s: its host is a number but no usual IP address: write it as four decimal numbers", short(s))
	case !fitPort(u.Port()):
		return nil, fail(briefs.ErrInvalid, "%s: port %s is not of the web: check it", short(s), u.Port())
	}
	u.Host = strings.ToLower(u.Host)
	return u, nil
}

func hideUser(u *url.URL) string {
	v := *u
	v.User = url.User("…")
	return strings.Replace(v.String(), url.PathEscape("…"), "…", 1)
}

// oddNumber reports whether host is an IPv4 address in a form other than four
// decimal numbers, which some resolvers take for one: 127.1, 0x7f000001,
// 017700000001. The rule for what counts as a number is that of browsers.
func oddNumber(host string) bool {
	if strings.Contains(host, ":") {
		_, err := netip.ParseAddr(host)
		return err != nil
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if hex, is := strings.CutPrefix(last, "0x"); is {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	if last == "" || strings.Trim(last, "0123456789") != "" {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err != nil
}

// fitPort reports whether a server of the web may be at port: the two of the
// web, or one that needs no privileges. Others speak other protocols.
func fitPort(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && (n == 80 || n == 443 || n >= 1024 && n <= 65535)
}

// errPrivate is what dialling a refused address returns.
type errPrivate struct{ ip netip.Addr }

func (e *errPrivate) Error() string { return e.ip.String() + " is not of the public web" }

// guardian refuses all addresses but those of the public web. Ports are
// checked by parseAddress.
func guardian() *ssrf.Guardian {
	return ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")), // the host agent of Azure, in a public range
	)
}

// neverPrivate are addresses that serve secrets to whoever asks from the
// machine: no document is there, whatever the configuration allows.
var neverPrivate = []netip.Addr{
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("100.100.100.200"), // Alibaba Cloud
	netip.MustParseAddr("fd00:ec2::254"),   // AWS
	netip.MustParseAddr("fd20:ce::254"),    // Google Cloud
}

// publicAddress reports whether ip is of the public web.
func publicAddress(g *ssrf.Guardian, ip netip.Addr) bool {
	network := "tcp6"
	if ip.Is4() {
		network = "tcp4"
	}
	return ip.Zone() == "" && g.Safe(network, netip.AddrPortFrom(ip, 443).String(), nil) == nil
}

// privateAddress reports whether ip may be read where a configuration allows
// private addresses: of this machine, of a private network, or public.
func privateAddress(g *ssrf.Guardian, ip netip.Addr) bool {
	if publicAddress(g, ip) {
		return true
	}
	ip = ip.Unmap()
	for _, never := range neverPrivate {
		if ip == never {
			return false
		}
	}
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10) // used by private overlays
	return ip.Zone() == "" && (ip.IsLoopback() || ip.IsPrivate() || shared.Contains(ip))
}

// transport returns a transport that connects only to fit addresses, however
// they are named. It keeps one connection a host.
func (w *Web) transport(private bool) *http.Transport {
	g := guardian()
	fit := publicAddress
	if private {
		fit = privateAddress
	}
	dialer := &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !fit(g, to.Addr()) {
			return &errPrivate{to.Addr()}
		}
		return nil
	}}
	dial := w.o.Dial
	if dial == nil {
		dial = dialer.DialContext
	}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			name, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			ips, err := w.addresses(ctx, name)
			if err != nil {
				return nil, err
			}
			var first error
			for _, ip := range ips {
				conn, err := net.Conn(nil), error(&errPrivate{ip})
				if fit(g, ip) {
					conn, err = dialOne(ctx, dial, network, net.JoinHostPort(ip.String(), port))
				}
				if err == nil {
					return conn, nil
				}
				if first == nil {
					first = err
				}
			}
			return nil, first
		},
		TLSHandshakeTimeout:    15 * time.Second,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true, // exchange unpacks, within limits
		ForceAttemptHTTP2:      true,
	}
}

func dialOne(ctx context.Context, dial func(context.Context, string, string) (net.Conn, error), network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second) // leaves time for the next address
	defer cancel()
	return dial(ctx, network, address)
}

// addresses are those of a host, which may be one itself.
func (w *Web) addresses(ctx context.Context, name string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{ip}, nil
	}
	ips, err := w.o.Resolve(ctx, name)
	if err == nil && len(ips) == 0 {
		err = &net.DNSError{Err: "no addresses", Name: name, IsNotFound: true}
	}
	return ips, err
}

func lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	for i := range ips {
		ips[i] = ips[i].Unmap() // the resolver writes IPv4 addresses as mapped ones
	}
	return ips, err
}

// isPrivate reports whether name has an address that is not of the public web.
func (w *Web) isPrivate(ctx context.Context, name string) bool {
	ips, err := w.addresses(ctx, name)
	g := guardian()
	for _, ip := range ips {
		if !publicAddress(g, ip) {
			return true
		}
	}
	return err != nil // the dial will say what is wrong with it
}

// mayBePrivate reports whether the configuration lets the first address of r
// be private: what a person named, or what was named within a private network.
func (w *Web) mayBePrivate(ctx context.Context, r Request, u *url.URL) (bool, error) {
	if !w.o.AllowPrivate && !r.Private {
		return false, nil
	}
	if r.From == "" {
		return true, nil
	}
	from, err := parseAddress(r.From)
	if err != nil {
		return false, fail(briefs.ErrInvalid, "%s: was named by %v", short(r.URL), err)
	}
	return from.Hostname() == u.Hostname() || w.isPrivate(ctx, from.Hostname()), ctx.Err()
}

// explainDial words the failure of a request to u.
func explainDial(name string, u *url.URL, err error) error {
	var (
		private *errPrivate
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &private) && !privateAddress(guardian(), private.ip):
		return fail(ErrPrivate, "%s: its host has the address %s, from which no document is ever read: check the address", name, private.ip)
	case errors.As(err, &private):
		return fail(ErrPrivate, "%s: its host has the address %s, which is not of the public web: if that is meant, configure it as a source with private: true", name, private.ip)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fail(briefs.ErrUnavailable, "%s: there is no host %s: check the address, or try again later", name, short(u.Hostname()))
	case errors.As(err, &dns):
		return fail(briefs.ErrUnavailable, "%s: the address of %s cannot be looked up (%s): check this machine's name server, or try again later", name, short(u.Hostname()), short(dns.Err))
	case errors.As(err, &cert):
		return fail(briefs.ErrUnavailable, "%s: the certificate of %s is not valid (%s): check the address, or tell its owner", name, short(u.Hostname()), short(cert.Err.Error()))
	}
	return nil
}

// oneLine is the innermost text of err, fit for a line.
func oneLine(err error) string {
	var o *net.OpError
	if errors.As(err, &o) {
		err = o.Err
	}
	return short(err.Error())
}

// short cuts an address or a text for a line of a report.
func short(s string) string {
	const most = 200
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
