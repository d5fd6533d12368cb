package packed

import "encoding/binary"

// valuesN unpacks a full block of values of N bits, without the lowest shift
// ones, which are 0, from b, which is 8 bytes longer.

func values1(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x1) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>1) & mask
		d[2] = uint32(x>>2) & mask
		d[3] = uint32(x>>3) & mask
		d[4] = uint32(x>>4) & mask
		d[5] = uint32(x>>5) & mask
		d[6] = uint32(x>>6) & mask
		d[7] = uint32(x>>7) & mask
		b = b[1:]
	}
}

func values2(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x3) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>2) & mask
		d[2] = uint32(x>>4) & mask
		d[3] = uint32(x>>6) & mask
		d[4] = uint32(x>>8) & mask
		d[5] = uint32(x>>10) & mask
		d[6] = uint32(x>>12) & mask
		d[7] = uint32(x>>14) & mask
		b = b[2:]
	}
}

func values3(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x7) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>3) & mask
		d[2] = uint32(x>>6) & mask
		d[3] = uint32(x>>9) & mask
		d[4] = uint32(x>>12) & mask
		d[5] = uint32(x>>15) & mask
		d[6] = uint32(x>>18) & mask
		d[7] = uint32(x>>21) & mask
		b = b[3:]
	}
}

func values4(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0xf) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>4) & mask
		d[2] = uint32(x>>8) & mask
		d[3] = uint32(x>>12) & mask
		d[4] = uint32(x>>16) & mask
		d[5] = uint32(x>>20) & mask
		d[6] = uint32(x>>24) & mask
		d[7] = uint32(x>>28) & mask
		b = b[4:]
	}
}

func values5(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x1f) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>5) & mask
		d[2] = uint32(x>>10) & mask
		d[3] = uint32(x>>15) & mask
		d[4] = uint32(x>>20) & mask
		d[5] = uint32(x>>25) & mask
		d[6] = uint32(x>>30) & mask
		d[7] = uint32(x>>35) & mask
		b = b[5:]
	}
}

func values6(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x3f) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>6) & mask
		d[2] = uint32(x>>12) & mask
		d[3] = uint32(x>>18) & mask
		d[4] = uint32(x>>24) & mask
		d[5] = uint32(x>>30) & mask
		d[6] = uint32(x>>36) & mask
		d[7] = uint32(x>>42) & mask
		b = b[6:]
	}
}

func values7(d *[blockSize]uint32, b []byte, shift int) {
	mask := uint32(0x7f) << (shift & 3)
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b)<<(shift&3), (*[8]uint32)(d[i:])
		d[0] = uint32(x) & mask
		d[1] = uint32(x>>7) & mask
		d[2] = uint32(x>>14) & mask
		d[3] = uint32(x>>21) & mask
		d[4] = uint32(x>>28) & mask
		d[5] = uint32(x>>35) & mask
		d[6] = uint32(x>>42) & mask
		d[7] = uint32(x>>49) & mask
		b = b[7:]
	}
}
