import Foundation
import Testing

@testable import ImageCodecs

@Suite struct ReadingTests {
  @Test func fixturesAreThere() {
    #expect(Fixtures.pictures.count == 86)
    #expect(Fixtures.allDamaged.count == 23)
  }

  @Test(arguments: Fixtures.pictures)
  func decodesToTheExpectedSamples(_ expected: Fixtures.Expected) throws {
    let image = try ImageReader.read(path: expected.path)
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    #expect(image.colorModel == expected.colorModel)
    #expect(image.depth == expected.depth)
    if expected.isJPEG {
      // Versions of libjpeg differ by a rounding step in places.
      let reference = Image(
        width: expected.width, height: expected.height, colorModel: expected.colorModel,
        samples: try expected.samples())
      #expect(image.largestDifference(to: reference) <= 2)
    } else {
      #expect(image.samples == (try expected.samples()))
    }
  }

  @Test(arguments: Fixtures.pictures)
  func headerAgreesWithThePicture(_ expected: Fixtures.Expected) throws {
    let header = try ImageReader.header(path: expected.path)
    #expect(header.format == (expected.isJPEG ? .jpeg : .png))
    #expect(header.width == expected.width)
    #expect(header.height == expected.height)
    #expect(header.colorModel == expected.colorModel)
    #expect(header.depth == expected.depth)
    #expect(try ImageReader.header(bytes: Fixtures.bytes(expected.name), name: "x") == header)
  }

  @Test(arguments: ["rgba-16.png", "progressive.jpg"])
  func readsFromAStream(name: String) throws {
    let handle = try #require(FileHandle(forReadingAtPath: Fixtures.path(name)))
    defer { try? handle.close() }
    let image = try ImageReader.read(descriptor: handle.fileDescriptor)
    #expect(image == (try ImageReader.read(path: Fixtures.path(name))))
    let error = #expect(throws: ImageError.self) {
      try ImageReader.read(descriptor: handle.fileDescriptor)
    }
    #expect(
      error?.description
        == "standard input: expected a \(ImageFormat.list) picture, found an empty file")
  }

  @Test(arguments: ["png", "jpg"], 1...8)
  func resetsTheOrientation(fileExtension: String, orientation: Int) throws {
    let path = Fixtures.path("orientation-\(orientation).\(fileExtension)")
    #expect(try ImageReader.header(path: path).orientation.rawValue == orientation)
    let exif = try #require(try ImageReader.read(path: path).metadata.exif)
    #expect(EXIF.orientation(of: exif) == .upright)
    #expect(exif.starts(with: orientation % 2 == 1 ? "II".utf8 : "MM".utf8))
    #expect(exif.suffix(8).elementsEqual("latent\0\0".utf8))
  }

  @Test(arguments: ["ycck-adobe.jpg", "cmyk-plain.jpg"])
  func inksLookTheSameInEveryEncoding(name: String) throws {
    let reference = try ImageReader.read(path: Fixtures.path("cmyk-adobe.jpg"))
    let image = try ImageReader.read(path: Fixtures.path(name))
    #expect(image.largestDifference(to: reference) <= 20)
  }

  @Test(arguments: Fixtures.damaged)
  func refusesDamagedFiles(name: String) throws {
    let path = Fixtures.path("damaged/" + name)
    let error = #expect(throws: ImageError.self) { try ImageReader.read(path: path) }
    #expect(error?.kind == (name.contains("oversized") ? .tooManyPixels : .badData))
    #expect(error?.path == path)
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: [
    ("foreign-gif.png", "a GIF file"), ("foreign-bmp.png", "a BMP file"),
    ("foreign-heic.jpg", "a HEIC file"), ("empty.png", "empty file"),
    ("text.png", "found something else"), ("truncated-data.png", "ends early"),
    ("no-iend.png", "ends early"), ("truncated-data.jpg", "remature end"),
    ("corrupt-scan.jpg", "orrupt"),
    ("oversized.jpg", "more than the limit"), ("oversized.png", "more than the limit"),
  ])
  func saysWhatIsWrong(name: String, part: String) throws {
    let error = #expect(throws: ImageError.self) {
      try ImageReader.read(path: Fixtures.path("damaged/" + name))
    }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func formatsOfOptionalLibrariesAreReadOrNamed() throws {
    for (name, kind, isRead) in [
      ("foreign-webp.png", "a WebP file", WebPCodec.isAvailable),
      ("foreign-tiff.png", "a TIFF or camera raw file", TIFFCodec.isAvailable),
    ] {
      let path = Fixtures.path("damaged/" + name)
      if isRead {
        #expect(try ImageReader.read(path: path).width == 13)
      } else {
        let error = #expect(throws: ImageError.self) { try ImageReader.read(path: path) }
        #expect(error?.message.hasPrefix(kind) == true)
      }
    }
  }

  @Test(arguments: ["oversized.png", "oversized.jpg", "long-chunk.png"])
  func takesNoMemoryForFalseHeaders(name: String) throws {
    func peak() -> Int {
      var usage = rusage()
      getrusage(0, &usage)  // RUSAGE_SELF, which is imported as different types
      #if os(Linux)
        return usage.ru_maxrss << 10
      #else
        return usage.ru_maxrss
      #endif
    }
    let before = peak()
    #expect(throws: ImageError.self) {
      try ImageReader.read(path: Fixtures.path("damaged/" + name))
    }
    // Believing the header would cost 2 GB or more.
    #expect(peak() - before < 1 << 30)
  }

  @Test func obeysTheLimits() throws {
    let path = Fixtures.path("rgb-8.png")
    #expect(throws: Never.self) {
      try ImageReader.read(path: path, limits: ImageLimits(maximumPixels: 13 * 11))
    }
    #expect(throws: ImageError.self) {
      try ImageReader.read(path: path, limits: ImageLimits(maximumPixels: 13 * 11 - 1))
    }
    let missing = #expect(throws: ImageError.self) {
      try ImageReader.read(path: Fixtures.path("missing.png"))
    }
    #expect(missing?.kind == .noInput)
    let folder = #expect(throws: ImageError.self) { try ImageReader.header(path: Fixtures.folder) }
    #expect(folder?.kind == .noInput)
  }

  @Test(arguments: [
    (35, 21, 35, 21), (18, 11, 18, 11), (18, 12, 35, 21), (9, 6, 9, 6), (5, 3, 5, 3), (1, 1, 5, 3),
    (100, 100, 35, 21),
  ])
  func decodesAtAScale(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) throws {
    let image = try ImageReader.read(
      path: Fixtures.path("ycbcr-444.jpg"), minimumSize: (width, height))
    #expect(image.width == expectedWidth)
    #expect(image.height == expectedHeight)
  }

  @Test func scalesByTheDisplayedSize() throws {
    // 24 x 16 as displayed, 16 x 24 as stored.
    let image = try ImageReader.read(
      path: Fixtures.path("orientation-6.jpg"), minimumSize: (12, 8))
    #expect(image.width == 12)
    #expect(image.height == 8)
  }
}
