package briefs

import "time"

// Place is where a message goes.
type Place struct {
	Room RoomID `json:"room,omitempty"`
	// Thread is the platform's name of the message that the thread hangs on;
	// empty for the room itself.
	Thread string `json:"thread,omitempty"`
	// Only is the one member who is to see it, such as "slack:U0123"; with an
	// empty Room it goes to that member as a direct message. Empty for all.
	Only string `json:"only,omitempty"`
	// Own is what the adapter of the platform said with the event that is
	// replied to; empty for none.
	Own string `json:"own,omitempty"`
}

// Outgoing is one message and where it goes.
type Outgoing struct {
	Place
	Part Part `json:"part"`
	// Replace is the receipt of an earlier message of the bot whose place this
	// one takes; empty for a new one.
	Replace string `json:"replace,omitempty"`
}

// Incoming is something that people did where the bot hears it. It is kept
// until its work is done.
type Incoming struct {
	Key string // tells it apart for ever, such as "slack:T0AB:Ev0CD"
	// Aliases are further keys that the same thing may come under: a mention
	// also comes as a message.
	Aliases []string
	// Lane is what it stands in: the things of one lane are worked on one
	// after another, in the order in which they came. Empty for a thing that
	// waits for no other.
	Lane string
	Body []byte    // what was done, in the form of bot; dropped when the work is done
	At   time.Time // when it came, UTC
}

// Platform is the platform that it came from: what stands before the first
// colon of Key.
func (in *Incoming) Platform() string { return platformOf(in.Key) }

// Taken is an Incoming that one process works on for a while.
type Taken struct {
	Incoming
	Token    int64     // grows whenever it is taken: an older one may change nothing
	Lease    time.Time // others may take it from then on
	Attempts int       // how often it was taken
	Composed bool      // Replies are fixed
	Replies  []SentReply
}

// SentReply is one of the replies to an Incoming and what became of it.
type SentReply struct {
	Outgoing
	Begun   bool   // it was or is being sent, and may have been posted
	Sent    bool   // it was posted
	Receipt string // the platform's name for it
}

// IncomingState says how far an Incoming has come.
type IncomingState string

// The states; the last three are final.
const (
	Waiting  IncomingState = "waiting"  // for work, or for another attempt
	Answered IncomingState = "answered" // every reply was posted; there may have been none to post
	Unsure   IncomingState = "unsure"   // nobody can tell whether a reply was posted: it is not sent again
	GivenUp  IncomingState = "given_up"
)

// AnswerID names an answer that was shown. It is opaque, without spaces, and
// at most 100 bytes long.
type AnswerID string

// Shown is an answer as it was posted to a room, by reference: it holds no
// text of documents.
type Shown struct {
	ID         AnswerID
	Room       RoomID
	Thread     string // empty where it stands in none
	Asker      string
	Question   string
	Kind       Kind
	Reason     Reason // empty when it was answered
	Enumerated bool
	At         time.Time    // UTC
	Source     *AskedSource // that the question names; nil for none
	Parts      []ShownPart  // of an answer to several questions; nil for one
	// Quotes, More and Near are those of the Answer, with the numbers that the
	// thread shows.
	Quotes, More, Near []ShownQuote
}

// ShownQuote is a quote of a Shown.
type ShownQuote struct {
	N, Source int // as in Citation
	Ref
	LeadIn  *Span // in the same revision; nil for none
	Depth   int
	Dispute int // as in Citation
	Why     []Feature
}

// ShownPart is the answer to one of several questions.
type ShownPart struct {
	Question   string
	Kind       Kind
	Reason     Reason // empty when it was answered
	Enumerated bool
	Source     *AskedSource // that it names; nil for none
	Quotes     []int        // numbers of those of the whole that answer it
}

// Verdict is what somebody thinks of an answer.
type Verdict string

// The verdicts.
const (
	Good       Verdict = "good"
	Wrong      Verdict = "wrong"
	Incomplete Verdict = "incomplete"
	Outdated   Verdict = "outdated"
)

// Feedback is what one person said of one answer; the latest counts.
type Feedback struct {
	Answer   AnswerID
	Room     RoomID
	Question string
	Who      string // "slack:U0123"
	Verdict  Verdict
	Note     string    // in their words; may be empty
	At       time.Time // UTC
}
