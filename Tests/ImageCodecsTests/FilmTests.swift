import Files
import Foundation
import Testing

@testable import ImageCodecs

@Suite("films of raw frames") struct FilmTests {
  /// A film whose colors lie within R'G'B'.
  private func film(
    _ tag: String, width: Int, height: Int, frames: Int = 1, range: String = ""
  ) throws -> [UInt8] {
    let format = try #require(FilmFormat(tag: tag, parameters: []))
    var bytes = Array("YUV4MPEG2 W\(width) H\(height) F30000:1001 Ip A1:1\(range) C\(tag)\n".utf8)
    let unit = 1 << (format.depth - 8)
    for frame in 0..<frames {
      bytes += "FRAME\n".utf8
      let chroma = format.chroma(width: width, height: height)
      let areas = [width * height] + Array(repeating: chroma.width * chroma.height, count: 2)
      for (plane, area) in areas.enumerated() {
        for place in 0..<area {
          let middle = plane == 0 ? 110 : 122
          let number = (middle + (place * 7 + frame) % 13) * unit + (place % unit)
          bytes.append(UInt8(truncatingIfNeeded: number))
          if format.depth > 8 { bytes.append(UInt8(number >> 8)) }
        }
      }
    }
    return bytes
  }

  @Test(arguments: [
    "420jpeg", "420mpeg2", "420paldv", "420", "422", "444", "411", "mono", "420p10", "422p12",
    "444p14",
    "420p16", "mono10",
  ])
  func framesComeBackUnchanged(tag: String) throws {
    for (width, height) in [(8, 4), (7, 5), (4, 722)] {
      for range in ["", " XCOLORRANGE=FULL"] {
        let bytes = try film(tag, width: width, height: height, range: range)
        var image = try ImageReader.read(bytes: bytes, name: "x")
        #expect((image.width, image.height, image.depth) == (width, height, 16))
        // By the matrix alone.
        image.metadata.filmSamples = nil
        #expect(try ImageWriter.encode(image, format: .y4m) == bytes, "\(tag) \(width)x\(height)")
      }
    }
  }

  @Test func colorsAreThoseOfTheMatrix() throws {
    // 8-bit black, white, and the red of BT.601.
    let header = "YUV4MPEG2 W3 H1 C444\nFRAME\n"
    let bytes = Array(header.utf8) + [16, 235, 81, 128, 128, 90, 128, 128, 240]
    let image = try ImageReader.read(bytes: bytes, name: "x").converted(toDepth: 8)
    let expected = [0, 0, 0, 255, 255, 255, 255, 0, 0]
    #expect(zip(image.values, expected).allSatisfy { abs($0 - $1) <= 2 }, "\(image.values)")
  }

  @Test(arguments: ["420jpeg", "444", "411", "mono", "422p12"])
  func samplesOfUnchangedPixelsStay(tag: String) throws {
    let (width, height) = (7, 5)
    let format = try #require(FilmFormat(tag: tag, parameters: []))
    let bytesOfSample = format.depth > 8 ? 2 : 1
    let header = Array("YUV4MPEG2 W\(width) H\(height) C\(tag)\nFRAME\n".utf8)
    // Blacker than black and whiter than white, in colors that R'G'B' does not hold.
    let count = format.length(width: width, height: height) / bytesOfSample
    let film = (0..<count).reduce(into: header) { film, place in
      let number = place * 83 % 256 << (format.depth - 8)
      film.append(UInt8(truncatingIfNeeded: number))
      if format.depth > 8 { film.append(UInt8(number >> 8)) }
    }
    var image = try ImageReader.read(bytes: film, name: "x")
    #expect(try ImageWriter.encode(image, format: .y4m) == film)
    guard case .bits16(var samples) = image.samples else { return }
    samples[0] ^= 0x7FFF
    image = Image(
      width: width, height: height, colorModel: image.colorModel, samples: .bits16(samples),
      metadata: image.metadata)
    let written = try ImageWriter.encode(image, format: .y4m)
    let changed = film.indices.filter { film[$0] != written[$0] }
    // The luma of one pixel, and the chroma that it shares.
    let area = width * height
    let chroma = format.chroma(width: width, height: height)
    let shared = [0, area, area + chroma.width * chroma.height].prefix(format.isGray ? 1 : 3)
    #expect(!changed.isEmpty)
    #expect(changed.allSatisfy { shared.contains(($0 - header.count) / bytesOfSample) })
  }

  @Test func aStreamIsCutIntoFrames() throws {
    let bytes = try film("420jpeg", width: 6, height: 4, frames: 3)
    let png = try Fixtures.bytes("rgb-8.png")
    let files = try ImageStreamTests.cut(bytes + png).files
    #expect(files.count == 4 && files[3] == png)
    var written: [UInt8] = []
    var header: ArraySlice<UInt8>?
    for file in files.prefix(3) {
      let image = try ImageReader.read(bytes: file, name: "x")
      written += try ImageWriter.encode(image, format: .y4m, film: &header)
    }
    #expect(written == bytes)
  }

  @Test(
    "pictures of another size, depth or color than the film before them begin a film of their own")
  func unlikeFrames() throws {
    let wide = Image(width: 3, height: 1, colorModel: .gray, samples: .bits8([16, 99, 235]))
    let deep = Image(width: 2, height: 1, colorModel: .gray, samples: .bits16([257, 40_000]))
    let color = Image(width: 1, height: 1, colorModel: .rgb, samples: .bits8([9, 9, 9]))
    var header: ArraySlice<UInt8>?
    var written: [UInt8] = []
    for image in [wide, wide, deep, deep, color, wide] {
      written += try ImageWriter.encode(image, format: .y4m, film: &header)
    }
    let files = try ImageStreamTests.cut(written).files
    let back = try files.map { try ImageReader.read(bytes: $0, name: "x") }
    #expect(back.map(\.width) == [3, 3, 2, 2, 1, 3])
    #expect(
      back.map { $0.metadata.film?.tag } == ["mono", "mono", "mono16", "mono16", "444", "mono"])
    #expect(zip(back[3].values, [257, 40_000]).allSatisfy { abs($0 - $1) <= 1 })
    let headers = String(decoding: written, as: UTF8.self).components(separatedBy: "YUV4MPEG2 ")
    #expect(headers.count == 1 + 4)
  }

  @Test(arguments: [
    "YUV4MPEG2 W4 H4\nFRAME\n", "YUV4MPEG2 W4 H4\nFRAM", "YUV4MPEG2 W4\nFRAME\n",
    "YUV4MPEG2 W0 H4\n",
    "YUV4MPEG2 W4 H4", "YUV4MPEG2 W4 H4 C444alpha\nFRAME\n", "YUV4MPEG2 W4 H4 C420p40\nFRAME\n",
    "YUV4MPEG2 W99999999999999999999 H4\nFRAME\n",
  ])
  func damagedFilmsAreRefused(text: String) {
    let error = #expect(throws: ImageError.self) {
      try ImageReader.read(bytes: Array(text.utf8), name: "x")
    }
    #expect(error?.kind == .badData)
  }
}
