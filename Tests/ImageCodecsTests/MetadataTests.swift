import Testing

@testable import ImageCodecs

@Suite struct MetadataTests {
  @Test func readsTextsAndProfileOfPNG() throws {
    let metadata = try ImageReader.read(path: Fixtures.path("metadata.png")).metadata
    #expect(
      metadata.text.map(\.keyword) == ["Title", "Description", "Author", "Comment"])
    #expect(
      metadata.text.map(\.value)
        == ["Café", String(repeating: "long ", count: 20), "Żółć 漢字", "Größe"])
    #expect(metadata.iccProfile == (try Fixtures.bytes("srgb.icc")))
    #expect(metadata.exif == nil)
  }

  @Test(arguments: ["icc-one.jpg", "icc-parts.jpg"])
  func readsTheProfileOfJPEG(name: String) throws {
    let metadata = try ImageReader.read(path: Fixtures.path(name)).metadata
    #expect(metadata.iccProfile == (try Fixtures.bytes("srgb.icc")))
  }

  @Test func leavesOutAnIncompleteProfile() throws {
    let metadata = try ImageReader.read(path: Fixtures.path("icc-missing-part.jpg")).metadata
    #expect(metadata.iccProfile == nil)
  }

  @Test func readsTheCommentOfJPEG() throws {
    let metadata = try ImageReader.read(path: Fixtures.path("comment.jpg")).metadata
    #expect(metadata.text == [.init(keyword: "Comment", value: "Größe")])
  }

  @Test(arguments: [ImageFormat.png, .jpeg])
  func surviveWritingAndReading(format: ImageFormat) throws {
    var image = try ImageReader.read(path: Fixtures.path("orientation-6.jpg"))
    image.metadata.iccProfile = try Fixtures.bytes("srgb.icc")
    image.metadata.text = [
      .init(keyword: "Comment", value: "Größe"), .init(keyword: "Comment", value: "漢字"),
      .init(keyword: XMP.keyword, value: "<x tiff:Orientation=\"1\"/>"),
    ]
    let bytes = try ImageWriter.encode(image, format: format)
    let back = try ImageReader.read(bytes: bytes, name: "x").metadata
    #expect(back.iccProfile == image.metadata.iccProfile)
    #expect(back.exif == image.metadata.exif)
    #expect(Set(back.text) == Set(image.metadata.text))
  }

  @Test func longProfilesAndTextsAreSplitInJPEG() throws {
    var profile = try Fixtures.bytes("srgb.icc")
    profile += [UInt8](repeating: 7, count: 150_000)
    for (index, shift) in [24, 16, 8, 0].enumerated() {
      profile[index] = UInt8(truncatingIfNeeded: profile.count >> shift)
    }
    var image = try ImageReader.read(path: Fixtures.path("ycbcr-444.jpg"))
    image.metadata.iccProfile = profile
    let text = String(repeating: "漢", count: 30_000)
    image.metadata.text = [.init(keyword: "Comment", value: text)]
    let bytes = try ImageWriter.encode(image, format: .jpeg)
    let back = try ImageReader.read(bytes: bytes, name: "x").metadata
    #expect(back.iccProfile == profile)
    #expect(back.text.map(\.value).joined() == text)
  }

  @Test(arguments: [ImageFormat.png, .jpeg])
  func aProfileOfAnotherColorModelIsLeftOut(format: ImageFormat) throws {
    var image = try ImageReader.read(path: Fixtures.path("grey.jpg"))
    image.metadata.iccProfile = try Fixtures.bytes("srgb.icc")
    image.metadata.exif = [1, 2, 3]
    image.metadata.text = [.init(keyword: "  ", value: "a\0b"), .init(keyword: "K", value: "")]
    let bytes = try ImageWriter.encode(image, format: format)
    let back = try ImageReader.read(bytes: bytes, name: "x")
    #expect(back.metadata.iccProfile == nil)
    #expect(back.width == image.width)
  }

  @Test(arguments: [
    ("<r tiff:Orientation=\"6\" a=\"8\"/>", "<r tiff:Orientation=\"1\" a=\"8\"/>"),
    ("<tiff:Orientation>8</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"),
    ("<tiff:Orientation", "<tiff:Orientation"), ("tiff:Orientation=", "tiff:Orientation="),
    ("", ""), ("é 3", "é 3"),
  ])
  func resetsTheOrientationInXMP(packet: String, expected: String) {
    #expect(XMP.resettingOrientation(packet) == expected)
  }
}

@Suite struct EXIFTests {
  /// A block with one directory entry.
  private func block(entry: [UInt8], directory: [UInt8] = [8, 0, 0, 0]) -> [UInt8] {
    [0x49, 0x49, 0x2A, 0] + directory + [1, 0] + entry
  }

  @Test func acceptsShortAndLong() {
    let short = block(entry: [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0])
    let long = block(entry: [0x12, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0])
    #expect(EXIF.orientation(of: short) == .rotatedRight)
    #expect(EXIF.orientation(of: long) == .rotatedLeft)
    for var block in [short, long] {
      EXIF.resetOrientation(of: &block)
      #expect(EXIF.orientation(of: block) == .upright)
      #expect(block[18...] == [1, 0, 0, 0])
    }
  }

  @Test(
    arguments: [
      [], [0x49], [0x49, 0x49, 0x2A, 0], [0x49, 0x49, 0x2A, 0, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x4D, 0x4D, 0, 0x2A, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1],
      [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0xFF, 0xFF],
      [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6],
      [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 2, 0, 1, 0, 0, 0, 6, 0, 0, 0],
      [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 2, 0, 0, 0, 6, 0, 0, 0],
    ] as [[UInt8]])
  func survivesHostileBlocks(block: [UInt8]) {
    var block = block
    let before = block
    #expect(EXIF.orientation(of: block) == .upright)
    EXIF.resetOrientation(of: &block)
    #expect(block == before)
  }

  @Test func everyTruncationIsSafe() throws {
    let exif = try #require(
      try ImageReader.read(path: Fixtures.path("orientation-6.jpg")).metadata.exif)
    for count in 0...exif.count { _ = EXIF.orientation(of: Array(exif.prefix(count))) }
  }
}
