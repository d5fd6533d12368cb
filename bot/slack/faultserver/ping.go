package faultserver

import "strings"

// Pings are what of a message would call people or groups, or name channels.
func (m *Message) Pings() []string {
	k := &checker{texts: []string{m.Text}}
	k.blocks("/blocks", m.Blocks)
	var all []string
	for _, s := range k.texts {
		for rest := s; ; {
			_, after, ok := strings.Cut(rest, "<")
			if !ok {
				break
			}
			if after != "" && strings.ContainsAny(after[:1], "!@#") {
				name, _, _ := strings.Cut(after, ">")
				all = append(all, "<"+name+">")
			}
			rest = after
		}
	}
	return all
}
