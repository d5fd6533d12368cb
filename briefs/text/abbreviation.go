package text

import (
	"strings"
	"sync"
)

// abbreviation is what a stop after an abbreviation says about the sentence.
type abbreviation uint8

const (
	none      abbreviation = iota
	titles                 // a name follows: the sentence goes on
	always                 // never ends a sentence
	numbered               // goes on before a number: "No. 3", "Art. IV"
	dated                  // goes on before a day: "Jan. 5"
	weekday                // goes on before a day or a month
	clock                  // goes on before a time zone: "9 a.m. EST"
	ambiguous              // goes on unless a sentence opener follows: "U.S. Congress", "in the U.S. The"
)

// abbreviations are case-sensitive, without the last dot.
var abbreviations = sync.OnceValue(func() map[string]abbreviation {
	m := map[string]abbreviation{}
	for kind, list := range map[abbreviation]string{
		titles: `Mr Mrs Ms Mx Dr Drs Prof Profs Gen Gens Sen Sens Rep Reps Gov Govs Lt Col Capt Sgt Maj Adm Adml Cmdr Cdr Brig
			Pvt Cpl Pres Amb Hon Rev Fr Msgr Supt Messrs Mme Mlle Mons Atty Asst Dep Insp Det Vice-Adm Sec Min Hr Frau
			Herr Mt Ft Dept Univ Assn Assoc Intl Int'l Natl Nat'l Cttee Comm Gov't Acad Inst`,
		always: `e.g i.e E.g I.e eg ie viz vs Vs v cf Cf approx Approx ca circa esp incl excl resp a.k.a aka c/o w.r.t q.v ff et op cit`,
		numbered: `No Nos no nos Nr nr p pp P Pp para paras Para Paras par art arts Art Arts ch chap Ch Chap chs fig figs Fig Figs
			vol vols Vol Vols ed eds sec secs sect ss cl Cl reg Reg regs eq eqn Eq ref refs Ref tab Tab app App annex ext tel Tel
			pt Pt bk n nn al ibid Ibid est Est min max avg Res Doc Cap Sch sch H.R S H.Res S.Res Pub.L`,
		dated:   `Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec`,
		weekday: `Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun`,
		clock:   `a.m p.m A.M P.M`,
		ambiguous: `Inc Corp Ltd Co Cos LLC Bros Plc PLC Jr Sr Esq Ave Blvd Rd Hwy Sq St Ste
			Ala Ariz Ark Calif Cal Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn
			Tenn Tex Va Vt Wash Wis Wyo Man Ont Que Alta Sask`,
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = kind
		}
	}
	return m
})

// starters open sentences and are hardly ever part of a name.
var starters = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		the a an this that these those he she it they we you i his her its their our my your there here
		in on at by for from to with without under over after before during since until between among through across against
		within beyond despite unlike like along around amid about as of
		and but or nor so yet if when while where why how what who which whether because although though unless once
		however moreover furthermore meanwhile therefore thus hence nevertheless nonetheless still instead indeed also even
		then now today yesterday tomorrow soon later earlier recently finally first second third fourth fifth lastly next last
		perhaps maybe probably clearly certainly not no none neither never only just both either each every all any some many
		most more much few fewer several such other others another one two three four five six seven eight nine ten
		is are was were do does did has have had can could will would should may might must let
		according given similarly likewise additionally consequently overall ultimately initially currently previously
		officials analysts experts critics observers supporters opponents scholars lawmakers policymakers people
		nothing everything something nobody everyone someone much less rather again together apart nearly almost only
		that's it's what's there's`) {
		m[w] = true
	}
	return m
})

// shortWords end sentences although they are as short as abbreviations.
var shortWords = map[string]bool{
	"it": true, "us": true, "so": true, "do": true, "me": true, "he": true, "we": true, "up": true, "on": true, "in": true,
	"is": true, "be": true, "to": true, "as": true, "by": true, "of": true, "at": true, "go": true, "US": true, "EU": true,
	"UK": true, "UN": true, "AI": true, "TV": true, "IT": true, "I": true, "or": true, "am": true, "my": true, "if": true,
}

// speech are verbs that name the speaker after a quotation.
var speech = map[string]bool{
	"said": true, "says": true, "asked": true, "asks": true, "wrote": true, "writes": true, "wondered": true, "wonders": true,
	"replied": true, "added": true, "argued": true, "exclaimed": true, "shouted": true, "told": true, "responded": true,
}

// pronouns may name the speaker.
var pronouns = map[string]bool{"He": true, "She": true, "They": true, "I": true, "We": true}
