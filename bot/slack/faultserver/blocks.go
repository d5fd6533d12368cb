package faultserver

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"
)

// The limits of a message and of a view, beside those of each block below
// (https://docs.slack.dev/reference/block-kit/blocks and the pages under it).
const (
	messageBlocks  = 50
	viewBlocks     = 100
	viewBytes      = 250_000
	textLength     = 4000  // chat.update refuses more, msg_too_long; postMessage is held to the same
	blocksLength   = 13200 // of all text in the blocks: msg_blocks_too_long was seen from about there
	markdownLength = 12000 // of all markdown blocks of a message
	metadataBytes  = 16_000
	idLength       = 255
)

// length is how long Slack takes a text to be, in UTF-16 units: of the counts
// that it may mean, the longest that is not in bytes.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// checker holds blocks against the limits. Faults are worded as Slack's.
type checker struct {
	view     bool
	files    map[string]*File // that blocks may show
	amiss    []string
	ids      map[string]bool
	total    int // length of all text
	markdown int
	tables   int
	texts    []string // what is read as markup: a mention in it pings
}

func (k *checker) fault(at, format string, args ...any) {
	k.amiss = append(k.amiss, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

func (k *checker) most(at, s string, most int) {
	if n := length(s); n > most {
		k.fault(at, "must be less than %d characters", most+1)
	}
}

// blocks checks those of a message or view.
func (k *checker) blocks(at string, all []any) {
	k.ids = map[string]bool{}
	most := messageBlocks
	if k.view {
		most = viewBlocks
	}
	if len(all) > most {
		k.fault(at, "no more than %d items allowed", most)
	}
	for i, b := range all {
		k.block(fmt.Sprintf("%s/%d", at, i), b)
	}
	if k.markdown > markdownLength {
		k.fault(at, "markdown blocks must be less than %d characters together", markdownLength+1)
	}
	if k.tables > 1 {
		k.fault(at, "only one table is allowed")
	}
}

func (k *checker) block(at string, block any) {
	b, ok := block.(map[string]any)
	if !ok {
		k.fault(at, "must be an object")
		return
	}
	if id := str(b, "block_id"); id != "" {
		k.most(at+"/block_id", id, idLength)
		if k.ids[id] {
			k.fault(at+"/block_id", "`block_id` already exists: %s", id)
		}
		k.ids[id] = true
	}
	switch str(b, "type") {
	case "section":
		fields, _ := b["fields"].([]any)
		if b["text"] == nil && len(fields) == 0 {
			k.fault(at, "missing required field: text")
		}
		if b["text"] != nil {
			k.text(at+"/text", b["text"], 3000, "")
		}
		if len(fields) > 10 {
			k.fault(at+"/fields", "no more than 10 items allowed")
		}
		for i, f := range fields {
			k.text(fmt.Sprintf("%s/fields/%d", at, i), f, 2000, "")
		}
		if b["accessory"] != nil {
			k.element(at+"/accessory", b["accessory"], "section")
		}
	case "header":
		k.text(at+"/text", b["text"], 150, "plain_text")
	case "context":
		k.elements(at, b, "context", 10)
	case "actions":
		k.elements(at, b, "actions", 25)
	case "context_actions":
		k.elements(at, b, "context_actions", 5)
	case "divider":
	case "image":
		k.image(at, b)
		if b["title"] != nil {
			k.text(at+"/title", b["title"], 2000, "plain_text")
		}
	case "markdown":
		s := str(b, "text")
		k.markdown += length(s)
		k.total += length(s)
		k.texts = append(k.texts, s)
		if s == "" {
			k.fault(at+"/text", "must be more than 0 characters")
		}
	case "input":
		k.text(at+"/label", b["label"], 2000, "plain_text")
		if b["hint"] != nil {
			k.text(at+"/hint", b["hint"], 2000, "plain_text")
		}
		k.element(at+"/element", b["element"], "input")
	case "rich_text":
		k.rich(at, b)
	case "table":
		k.tables++
		rows, _ := b["rows"].([]any)
		if len(rows) > 100 {
			k.fault(at+"/rows", "no more than 100 items allowed")
		}
		for i, r := range rows {
			if cells, _ := r.([]any); len(cells) > 20 {
				k.fault(fmt.Sprintf("%s/rows/%d", at, i), "no more than 20 items allowed")
			}
		}
	default:
		k.fault(at+"/type", "unsupported type: %s", str(b, "type"))
	}
}

// rich walks through rich text, which is no markup: its elements say what pings.
func (k *checker) rich(at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		switch str(v, "type") {
		case "text", "link":
			k.total += length(str(v, "text"))
		case "user", "usergroup", "broadcast":
			k.texts = append(k.texts, "<!"+str(v, "range")+str(v, "user_id")+">")
		}
		if e, ok := v["elements"]; ok {
			k.rich(at+"/elements", e)
		}
	case []any:
		for i, e := range v {
			k.rich(fmt.Sprintf("%s/%d", at, i), e)
		}
	}
}

func (k *checker) image(at string, b map[string]any) {
	if str(b, "image_url") == "" && b["slack_file"] == nil {
		k.fault(at, "missing required field: image_url")
	}
	if f, ok := b["slack_file"].(map[string]any); ok && str(f, "url") == "" {
		if known := k.files[str(f, "id")]; known == nil || !known.done {
			k.fault(at+"/slack_file", "invalid slack file")
		}
	}
	if b["alt_text"] == nil {
		k.fault(at, "missing required field: alt_text")
	}
	k.most(at+"/image_url", str(b, "image_url"), 3000)
	k.most(at+"/alt_text", str(b, "alt_text"), 2000)
}

// text checks a text object, of kind "plain_text", or of either for "".
func (k *checker) text(at string, v any, most int, kind string) {
	b, ok := v.(map[string]any)
	if !ok {
		k.fault(at, "missing required field: text")
		return
	}
	s := str(b, "text")
	switch t := str(b, "type"); {
	case t != "plain_text" && t != "mrkdwn" || kind != "" && t != kind:
		k.fault(at+"/type", "unsupported type: %s", t)
	case t == "mrkdwn":
		k.texts = append(k.texts, s)
	}
	if s == "" {
		k.fault(at+"/text", "must be more than 0 characters")
	}
	k.most(at+"/text", s, most)
	k.total += length(s)
}

func (k *checker) elements(at string, b map[string]any, where string, most int) {
	all, _ := b["elements"].([]any)
	if len(all) == 0 {
		k.fault(at+"/elements", "no less than 1 items allowed")
	}
	if len(all) > most {
		k.fault(at+"/elements", "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, e := range all {
		at := fmt.Sprintf("%s/elements/%d", at, i)
		if m, ok := e.(map[string]any); ok && where == "context" {
			if t := str(m, "type"); t == "image" {
				k.image(at, m)
			} else {
				k.text(at, e, 3000, "")
			}
			continue
		}
		k.element(at, e, where)
		if m, ok := e.(map[string]any); ok {
			if id := str(m, "action_id"); id != "" && ids[id] {
				k.fault(at+"/action_id", "`action_id` %s already exists", id)
			} else {
				ids[id] = true
			}
		}
	}
}

// elements that a place takes.
var fit = map[string][]string{
	"section":         {"button", "static_select", "overflow", "datepicker", "timepicker", "image", "checkboxes", "radio_buttons", "external_select", "multi_static_select", "users_select", "conversations_select", "channels_select"},
	"actions":         {"button", "static_select", "overflow", "datepicker", "timepicker", "checkboxes", "radio_buttons", "external_select", "users_select", "conversations_select", "channels_select", "datetimepicker", "workflow_button"},
	"context_actions": {"feedback_buttons", "icon_button"},
	"input":           {"plain_text_input", "static_select", "multi_static_select", "datepicker", "timepicker", "checkboxes", "radio_buttons", "external_select", "number_input", "url_text_input", "users_select", "conversations_select", "multi_external_select", "channels_select", "datetimepicker", "email_text_input", "rich_text_input"},
}

func (k *checker) element(at string, v any, where string) {
	e, ok := v.(map[string]any)
	if !ok {
		k.fault(at, "must be an object")
		return
	}
	kind := str(e, "type")
	if !slices.Contains(fit[where], kind) {
		k.fault(at+"/type", "unsupported type: %s", kind)
		return
	}
	k.most(at+"/action_id", str(e, "action_id"), idLength)
	if e["placeholder"] != nil {
		k.text(at+"/placeholder", e["placeholder"], 150, "plain_text")
	}
	if c, ok := e["confirm"].(map[string]any); ok {
		k.text(at+"/confirm/title", c["title"], 100, "plain_text")
		k.text(at+"/confirm/text", c["text"], 300, "")
		k.text(at+"/confirm/confirm", c["confirm"], 30, "plain_text")
		k.text(at+"/confirm/deny", c["deny"], 30, "plain_text")
	}
	switch kind {
	case "button":
		k.button(at, e)
	case "icon_button":
		k.button(at, e)
		if icon := str(e, "icon"); icon != "trash" {
			k.fault(at+"/icon", "unsupported icon: %s", icon)
		}
	case "feedback_buttons":
		for _, of := range []string{"positive_button", "negative_button"} {
			b, _ := e[of].(map[string]any)
			k.button(at+"/"+of, b)
			if str(b, "value") == "" {
				k.fault(at+"/"+of, "missing required field: value")
			}
		}
	case "image":
		k.image(at, e)
	case "overflow":
		k.options(at, e, 1, 5)
	case "checkboxes", "radio_buttons":
		k.options(at, e, 1, 10)
	case "static_select", "multi_static_select":
		if groups, ok := e["option_groups"].([]any); ok {
			if len(groups) > 100 {
				k.fault(at+"/option_groups", "no more than 100 items allowed")
			}
			for i, g := range groups {
				at, g := fmt.Sprintf("%s/option_groups/%d", at, i), g.(map[string]any)
				k.text(at+"/label", g["label"], 75, "plain_text")
				k.options(at, g, 1, 100)
			}
			return
		}
		k.options(at, e, 1, 100)
	case "plain_text_input":
		k.most(at+"/initial_value", str(e, "initial_value"), 3000)
	}
}

func (k *checker) button(at string, e map[string]any) {
	k.text(at+"/text", e["text"], 75, "plain_text")
	k.most(at+"/value", str(e, "value"), 2000)
	k.most(at+"/url", str(e, "url"), 3000)
	k.most(at+"/accessibility_label", str(e, "accessibility_label"), 75)
}

func (k *checker) options(at string, e map[string]any, least, most int) {
	all, _ := e["options"].([]any)
	if len(all) < least {
		k.fault(at+"/options", "no less than %d items allowed", least)
	}
	if len(all) > most {
		k.fault(at+"/options", "no more than %d items allowed", most)
	}
	for i, v := range all {
		at := fmt.Sprintf("%s/options/%d", at, i)
		o, _ := v.(map[string]any)
		k.text(at+"/text", o["text"], 75, "")
		k.most(at+"/value", str(o, "value"), 150)
		if o["description"] != nil {
			k.text(at+"/description", o["description"], 75, "")
		}
	}
	if chosen, ok := e["initial_option"].(map[string]any); ok && !slices.ContainsFunc(all, func(o any) bool { return same(o, chosen) }) {
		k.fault(at+"/initial_option", "must be one of the options")
	}
}

// same reports whether two options are the same, in all of their fields, as
// Slack wants an initial one to be.
func same(a, b any) bool {
	x, err := json.Marshal(a)
	y, also := json.Marshal(b)
	return err == nil && also == nil && string(x) == string(y)
}

// modal checks a view of either kind.
func (k *checker) modal(at string, v map[string]any, bytes int) error {
	k.view = true
	if bytes > viewBytes {
		return fail("view_too_large")
	}
	switch t := str(v, "type"); t {
	case "modal":
		k.text(at+"/title", v["title"], 24, "plain_text")
		for _, of := range []string{"submit", "close"} {
			if v[of] != nil {
				k.text(at+"/"+of, v[of], 24, "plain_text")
			}
		}
	case "home":
	case "":
		k.fault(at, "missing required field: type")
	default:
		k.fault(at+"/type", "unsupported type: %s", t)
	}
	k.most(at+"/private_metadata", str(v, "private_metadata"), 3000)
	k.most(at+"/callback_id", str(v, "callback_id"), idLength)
	blocks, ok := v["blocks"].([]any)
	if !ok {
		k.fault(at, "missing required field: blocks")
	}
	k.blocks(at+"/blocks", blocks)
	inputs := slices.ContainsFunc(blocks, func(b any) bool { m, _ := b.(map[string]any); return str(m, "type") == "input" })
	if inputs && str(v, "type") == "modal" && v["submit"] == nil {
		k.fault(at, "missing required field: submit")
	}
	if len(k.amiss) > 0 {
		return fail("invalid_arguments", k.amiss...)
	}
	return nil
}

func str(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}
