package packed

import "encoding/binary"

// valuesN unpacks a full block of values of N bits from b, which is 8 bytes
// longer.

func values1(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x1
		d[1] = uint32(x>>1) & 0x1
		d[2] = uint32(x>>2) & 0x1
		d[3] = uint32(x>>3) & 0x1
		d[4] = uint32(x>>4) & 0x1
		d[5] = uint32(x>>5) & 0x1
		d[6] = uint32(x>>6) & 0x1
		d[7] = uint32(x>>7) & 0x1
		b = b[1:]
	}
}

func values2(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x3
		d[1] = uint32(x>>2) & 0x3
		d[2] = uint32(x>>4) & 0x3
		d[3] = uint32(x>>6) & 0x3
		d[4] = uint32(x>>8) & 0x3
		d[5] = uint32(x>>10) & 0x3
		d[6] = uint32(x>>12) & 0x3
		d[7] = uint32(x>>14) & 0x3
		b = b[2:]
	}
}

func values3(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x7
		d[1] = uint32(x>>3) & 0x7
		d[2] = uint32(x>>6) & 0x7
		d[3] = uint32(x>>9) & 0x7
		d[4] = uint32(x>>12) & 0x7
		d[5] = uint32(x>>15) & 0x7
		d[6] = uint32(x>>18) & 0x7
		d[7] = uint32(x>>21) & 0x7
		b = b[3:]
	}
}

func values4(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0xf
		d[1] = uint32(x>>4) & 0xf
		d[2] = uint32(x>>8) & 0xf
		d[3] = uint32(x>>12) & 0xf
		d[4] = uint32(x>>16) & 0xf
		d[5] = uint32(x>>20) & 0xf
		d[6] = uint32(x>>24) & 0xf
		d[7] = uint32(x>>28) & 0xf
		b = b[4:]
	}
}

func values5(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x1f
		d[1] = uint32(x>>5) & 0x1f
		d[2] = uint32(x>>10) & 0x1f
		d[3] = uint32(x>>15) & 0x1f
		d[4] = uint32(x>>20) & 0x1f
		d[5] = uint32(x>>25) & 0x1f
		d[6] = uint32(x>>30) & 0x1f
		d[7] = uint32(x>>35) & 0x1f
		b = b[5:]
	}
}

func values6(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x3f
		d[1] = uint32(x>>6) & 0x3f
		d[2] = uint32(x>>12) & 0x3f
		d[3] = uint32(x>>18) & 0x3f
		d[4] = uint32(x>>24) & 0x3f
		d[5] = uint32(x>>30) & 0x3f
		d[6] = uint32(x>>36) & 0x3f
		d[7] = uint32(x>>42) & 0x3f
		b = b[6:]
	}
}

func values7(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0x7f
		d[1] = uint32(x>>7) & 0x7f
		d[2] = uint32(x>>14) & 0x7f
		d[3] = uint32(x>>21) & 0x7f
		d[4] = uint32(x>>28) & 0x7f
		d[5] = uint32(x>>35) & 0x7f
		d[6] = uint32(x>>42) & 0x7f
		d[7] = uint32(x>>49) & 0x7f
		b = b[7:]
	}
}

func values8(d *[blockSize]uint32, b []byte) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & 0xff
		d[1] = uint32(x>>8) & 0xff
		d[2] = uint32(x>>16) & 0xff
		d[3] = uint32(x>>24) & 0xff
		d[4] = uint32(x>>32) & 0xff
		d[5] = uint32(x>>40) & 0xff
		d[6] = uint32(x>>48) & 0xff
		d[7] = uint32(x>>56) & 0xff
		b = b[8:]
	}
}
