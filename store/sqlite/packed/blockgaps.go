package packed

import "encoding/binary"

// gapsN unpacks a full block of gaps of N bits from b, which is 8 bytes longer,
// and adds them up to ordinals: o is the one before the first.

func gaps1(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x1 + 1
		d[0] = o
		o += uint32(x>>1)&0x1 + 1
		d[1] = o
		o += uint32(x>>2)&0x1 + 1
		d[2] = o
		o += uint32(x>>3)&0x1 + 1
		d[3] = o
		o += uint32(x>>4)&0x1 + 1
		d[4] = o
		o += uint32(x>>5)&0x1 + 1
		d[5] = o
		o += uint32(x>>6)&0x1 + 1
		d[6] = o
		o += uint32(x>>7)&0x1 + 1
		d[7] = o
		b = b[1:]
	}
}

func gaps2(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x3 + 1
		d[0] = o
		o += uint32(x>>2)&0x3 + 1
		d[1] = o
		o += uint32(x>>4)&0x3 + 1
		d[2] = o
		o += uint32(x>>6)&0x3 + 1
		d[3] = o
		o += uint32(x>>8)&0x3 + 1
		d[4] = o
		o += uint32(x>>10)&0x3 + 1
		d[5] = o
		o += uint32(x>>12)&0x3 + 1
		d[6] = o
		o += uint32(x>>14)&0x3 + 1
		d[7] = o
		b = b[2:]
	}
}

func gaps3(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x7 + 1
		d[0] = o
		o += uint32(x>>3)&0x7 + 1
		d[1] = o
		o += uint32(x>>6)&0x7 + 1
		d[2] = o
		o += uint32(x>>9)&0x7 + 1
		d[3] = o
		o += uint32(x>>12)&0x7 + 1
		d[4] = o
		o += uint32(x>>15)&0x7 + 1
		d[5] = o
		o += uint32(x>>18)&0x7 + 1
		d[6] = o
		o += uint32(x>>21)&0x7 + 1
		d[7] = o
		b = b[3:]
	}
}

func gaps4(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0xf + 1
		d[0] = o
		o += uint32(x>>4)&0xf + 1
		d[1] = o
		o += uint32(x>>8)&0xf + 1
		d[2] = o
		o += uint32(x>>12)&0xf + 1
		d[3] = o
		o += uint32(x>>16)&0xf + 1
		d[4] = o
		o += uint32(x>>20)&0xf + 1
		d[5] = o
		o += uint32(x>>24)&0xf + 1
		d[6] = o
		o += uint32(x>>28)&0xf + 1
		d[7] = o
		b = b[4:]
	}
}

func gaps5(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x1f + 1
		d[0] = o
		o += uint32(x>>5)&0x1f + 1
		d[1] = o
		o += uint32(x>>10)&0x1f + 1
		d[2] = o
		o += uint32(x>>15)&0x1f + 1
		d[3] = o
		o += uint32(x>>20)&0x1f + 1
		d[4] = o
		o += uint32(x>>25)&0x1f + 1
		d[5] = o
		o += uint32(x>>30)&0x1f + 1
		d[6] = o
		o += uint32(x>>35)&0x1f + 1
		d[7] = o
		b = b[5:]
	}
}

func gaps6(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x3f + 1
		d[0] = o
		o += uint32(x>>6)&0x3f + 1
		d[1] = o
		o += uint32(x>>12)&0x3f + 1
		d[2] = o
		o += uint32(x>>18)&0x3f + 1
		d[3] = o
		o += uint32(x>>24)&0x3f + 1
		d[4] = o
		o += uint32(x>>30)&0x3f + 1
		d[5] = o
		o += uint32(x>>36)&0x3f + 1
		d[6] = o
		o += uint32(x>>42)&0x3f + 1
		d[7] = o
		b = b[6:]
	}
}

func gaps7(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0x7f + 1
		d[0] = o
		o += uint32(x>>7)&0x7f + 1
		d[1] = o
		o += uint32(x>>14)&0x7f + 1
		d[2] = o
		o += uint32(x>>21)&0x7f + 1
		d[3] = o
		o += uint32(x>>28)&0x7f + 1
		d[4] = o
		o += uint32(x>>35)&0x7f + 1
		d[5] = o
		o += uint32(x>>42)&0x7f + 1
		d[6] = o
		o += uint32(x>>49)&0x7f + 1
		d[7] = o
		b = b[7:]
	}
}

func gaps8(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		o += uint32(x)&0xff + 1
		d[0] = o
		o += uint32(x>>8)&0xff + 1
		d[1] = o
		o += uint32(x>>16)&0xff + 1
		d[2] = o
		o += uint32(x>>24)&0xff + 1
		d[3] = o
		o += uint32(x>>32)&0xff + 1
		d[4] = o
		o += uint32(x>>40)&0xff + 1
		d[5] = o
		o += uint32(x>>48)&0xff + 1
		d[6] = o
		o += uint32(x>>56)&0xff + 1
		d[7] = o
		b = b[8:]
	}
}

func gaps9(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[4:]) >> 4
		o += uint32(x)&0x1ff + 1
		d[0] = o
		o += uint32(x>>9)&0x1ff + 1
		d[1] = o
		o += uint32(x>>18)&0x1ff + 1
		d[2] = o
		o += uint32(x>>27)&0x1ff + 1
		d[3] = o
		o += uint32(y)&0x1ff + 1
		d[4] = o
		o += uint32(y>>9)&0x1ff + 1
		d[5] = o
		o += uint32(y>>18)&0x1ff + 1
		d[6] = o
		o += uint32(y>>27)&0x1ff + 1
		d[7] = o
		b = b[9:]
	}
}

func gaps10(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[5:])
		o += uint32(x)&0x3ff + 1
		d[0] = o
		o += uint32(x>>10)&0x3ff + 1
		d[1] = o
		o += uint32(x>>20)&0x3ff + 1
		d[2] = o
		o += uint32(x>>30)&0x3ff + 1
		d[3] = o
		o += uint32(y)&0x3ff + 1
		d[4] = o
		o += uint32(y>>10)&0x3ff + 1
		d[5] = o
		o += uint32(y>>20)&0x3ff + 1
		d[6] = o
		o += uint32(y>>30)&0x3ff + 1
		d[7] = o
		b = b[10:]
	}
}

func gaps11(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[5:]) >> 4
		o += uint32(x)&0x7ff + 1
		d[0] = o
		o += uint32(x>>11)&0x7ff + 1
		d[1] = o
		o += uint32(x>>22)&0x7ff + 1
		d[2] = o
		o += uint32(x>>33)&0x7ff + 1
		d[3] = o
		o += uint32(y)&0x7ff + 1
		d[4] = o
		o += uint32(y>>11)&0x7ff + 1
		d[5] = o
		o += uint32(y>>22)&0x7ff + 1
		d[6] = o
		o += uint32(y>>33)&0x7ff + 1
		d[7] = o
		b = b[11:]
	}
}

func gaps12(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[6:])
		o += uint32(x)&0xfff + 1
		d[0] = o
		o += uint32(x>>12)&0xfff + 1
		d[1] = o
		o += uint32(x>>24)&0xfff + 1
		d[2] = o
		o += uint32(x>>36)&0xfff + 1
		d[3] = o
		o += uint32(y)&0xfff + 1
		d[4] = o
		o += uint32(y>>12)&0xfff + 1
		d[5] = o
		o += uint32(y>>24)&0xfff + 1
		d[6] = o
		o += uint32(y>>36)&0xfff + 1
		d[7] = o
		b = b[12:]
	}
}

func gaps13(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[6:]) >> 4
		o += uint32(x)&0x1fff + 1
		d[0] = o
		o += uint32(x>>13)&0x1fff + 1
		d[1] = o
		o += uint32(x>>26)&0x1fff + 1
		d[2] = o
		o += uint32(x>>39)&0x1fff + 1
		d[3] = o
		o += uint32(y)&0x1fff + 1
		d[4] = o
		o += uint32(y>>13)&0x1fff + 1
		d[5] = o
		o += uint32(y>>26)&0x1fff + 1
		d[6] = o
		o += uint32(y>>39)&0x1fff + 1
		d[7] = o
		b = b[13:]
	}
}

func gaps14(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[7:])
		o += uint32(x)&0x3fff + 1
		d[0] = o
		o += uint32(x>>14)&0x3fff + 1
		d[1] = o
		o += uint32(x>>28)&0x3fff + 1
		d[2] = o
		o += uint32(x>>42)&0x3fff + 1
		d[3] = o
		o += uint32(y)&0x3fff + 1
		d[4] = o
		o += uint32(y>>14)&0x3fff + 1
		d[5] = o
		o += uint32(y>>28)&0x3fff + 1
		d[6] = o
		o += uint32(y>>42)&0x3fff + 1
		d[7] = o
		b = b[14:]
	}
}

func gaps15(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[7:]) >> 4
		o += uint32(x)&0x7fff + 1
		d[0] = o
		o += uint32(x>>15)&0x7fff + 1
		d[1] = o
		o += uint32(x>>30)&0x7fff + 1
		d[2] = o
		o += uint32(x>>45)&0x7fff + 1
		d[3] = o
		o += uint32(y)&0x7fff + 1
		d[4] = o
		o += uint32(y>>15)&0x7fff + 1
		d[5] = o
		o += uint32(y>>30)&0x7fff + 1
		d[6] = o
		o += uint32(y>>45)&0x7fff + 1
		d[7] = o
		b = b[15:]
	}
}

func gaps16(d *[blockSize]uint32, b []byte, o uint32) {
	for i := 0; i < blockSize; i += 8 {
		x, d := binary.LittleEndian.Uint64(b), (*[8]uint32)(d[i:])
		y := binary.LittleEndian.Uint64(b[8:])
		o += uint32(x)&0xffff + 1
		d[0] = o
		o += uint32(x>>16)&0xffff + 1
		d[1] = o
		o += uint32(x>>32)&0xffff + 1
		d[2] = o
		o += uint32(x>>48)&0xffff + 1
		d[3] = o
		o += uint32(y)&0xffff + 1
		d[4] = o
		o += uint32(y>>16)&0xffff + 1
		d[5] = o
		o += uint32(y>>32)&0xffff + 1
		d[6] = o
		o += uint32(y>>48)&0xffff + 1
		d[7] = o
		b = b[16:]
	}
}
