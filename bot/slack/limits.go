package slack

// What Slack takes. Lengths of text are in units (see units), sizes in bytes
// of JSON. Where a limit was only met in practice the bound keeps away from it.
const (
	// https://docs.slack.dev/reference/block-kit/blocks: 50 blocks in a
	// message, 100 in a view.
	messageBlocks = 50
	viewBlocks    = 100

	// chat.postMessage refuses more than about 13,200 characters in all with
	// msg_blocks_too_long, and was seen to refuse 11,341 characters of visible
	// text: what surrounds the text counts, nobody says how
	// (https://github.com/slackapi/bolt-js/issues/2509 and 2867). All of the
	// JSON in 12,000 bytes holds less than either.
	messageSize = 12_000

	// views.open: view_too_large above 250 kB
	// (https://docs.slack.dev/reference/methods/views.open); half of it.
	viewSize = 125_000

	// The text of a section holds 3,000
	// (https://docs.slack.dev/reference/block-kit/blocks/section-block). No
	// limit is told for rich text: the same is taken for it.
	richText = 2_900

	// https://docs.slack.dev/reference/block-kit/blocks/header-block
	headerText = 150

	// An object of text holds 3,000
	// (https://docs.slack.dev/reference/block-kit/composition-objects/text-object),
	// a context 10 of them; a note that long would be none.
	contextText     = 2_000
	contextElements = 10

	// https://docs.slack.dev/reference/block-kit/blocks/actions-block
	actionElements = 25

	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	buttonText, buttonValue = 75, 2_000

	// https://docs.slack.dev/reference/block-kit/composition-objects/option-object;
	// older clients are known to take no more than 75 for the value of an
	// overflow menu, which is not used.
	optionText, optionValue = 75, 150

	// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
	selectOptions = 100

	// https://docs.slack.dev/reference/block-kit/blocks/image-block
	imageAlt = 2_000

	// The words beside the blocks should stay below 4,000
	// (https://docs.slack.dev/reference/methods/chat.postMessage#truncating),
	// and near that Slack was seen to refuse them. Escaped.
	wordsText = 3_800

	// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
	inputText = 3_000

	// https://docs.slack.dev/reference/views/modal-views
	viewTitle, privateMetadata = 24, 3_000
)
