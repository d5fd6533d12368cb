package briefs

import "time"

// SectionKind says what a section of a brief gathers.
type SectionKind string

// The sections, in the order of a brief.
const (
	SectionKeyPoints     SectionKind = "key_points"    // what most sources say, one sentence a point
	SectionNew           SectionKind = "new"           // first seen in the library in the window
	SectionTimeline      SectionKind = "timeline"      // dated events, in their order
	SectionWho           SectionKind = "who_says_what" // one item an author or organisation
	SectionDisagreements SectionKind = "disagreements" // sentences of sources that contradict each other
	SectionNumbers       SectionKind = "numbers"
	SectionGaps          SectionKind = "gaps" // questions that the library could not answer
)

// Brief is what a library says about one topic: verbatim sentences under
// fixed headings. Sections without an item are left out.
type Brief struct {
	Topic string
	// Unmentioned are words of the topic, as typed, that nothing found holds.
	Unmentioned []string
	From, To    Date      // publication window, inclusive; empty is open
	Since       time.Time // what was first seen at or after it is new; zero when that was not asked
	Sections    []Section
	Sources     []BriefSource // by number
	Changes     []BriefChange // documents corrected or withdrawn since, by document
}

// Section is one part of a brief.
type Section struct {
	Kind    SectionKind
	Heading string // fixed framing words
	Items   []BriefItem
}

// BriefItem is one point of a section.
type BriefItem struct {
	Label   string     // a date, a name, a number, a question, or empty
	Sources int        // how many sources say it; 0 where that is not counted
	Also    []int      // numbers of those among them that are not quoted here, ascending
	Quotes  []Citation // numbered through the brief, from 1; none for a gap
}

// BriefSource is one document of a brief and what was used of it.
type BriefSource struct {
	N        int      // from 1; Citation.Source names it
	Document Document // metadata only
	Quotes   []int    // numbers of its quotes, ascending; none where it only says the same, or is new and no sentence of it had room
}

// ChangeKind says what became of a document.
type ChangeKind string

// The kinds of change.
const (
	ChangeCorrected ChangeKind = "corrected" // has a further revision
	ChangeWithdrawn ChangeKind = "withdrawn" // is found no more
)

// BriefChange is a document that changed since the last briefing.
type BriefChange struct {
	Kind     ChangeKind
	Document Document   // metadata only; of a withdrawn one as it was quoted last
	At       time.Time  // UTC; zero when it is not known
	Quotes   []Citation // sentences that a correction brought, numbered with those of the sections
}

// BriefingID names a posted briefing. It is opaque.
type BriefingID string

// Briefing is a scheduled brief as it was posted to a room.
type Briefing struct {
	ID       BriefingID
	Schedule string // the schedule's name
	Room     string
	Slot     string // local wall minute and zone: "2026-11-23T09:00 Europe/Berlin"
	Posted   time.Time
	Briefs   []Brief  // one a topic, in order
	Picture  *Picture // without its files when a library lists it; nil for none
}

// Picture is the chart of a briefing.
type Picture struct {
	Alt         string   // what it shows, in words
	Collections []string // whose documents it counts: it is for those who see them all
	Width       int      // in pixels
	Height      int
	Light, Dark []byte // PNG files: as it was posted, and the same on a dark ground
}
