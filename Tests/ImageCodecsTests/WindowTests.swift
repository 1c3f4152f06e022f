import Foundation
import Testing

@testable import ImageCodecs

@Suite struct WindowTests {
  /// The corners, the whole, a pixel, and others spread over the picture.
  private static func windows(_ width: Int, _ height: Int) -> [ImageWindow] {
    let whole = ImageWindow.Extents(width: width, height: height)
    var windows = [ImageWindow(x: 0, y: 0, width: width, height: height, of: whole)]
    for index in 0..<24 {
      let w = min(width, 1 + index * 37 % 61)
      let h = min(height, 1 + index * 53 % 47)
      windows.append(
        ImageWindow(
          x: (width - w) * (index % 5) / 4, y: (height - h) * (index % 7) / 6, width: w, height: h,
          of: whole))
    }
    return windows
  }

  private func expectParts(ofFile path: String) throws {
    let whole = try ImageReader.read(path: path)
    for window in Self.windows(whole.width, whole.height) {
      let part = try ImageReader.read(path: path, window: window)
      let expected = whole.cropped(to: window)
      #expect(part.width == window.width && part.height == window.height)
      #expect(part.colorModel == whole.colorModel)
      #expect(part.samples == expected.samples, "\(window)")
    }
  }

  @Test(arguments: Fixtures.pictures)
  func aPartIsThatOfTheWhole(_ expected: Fixtures.Expected) throws {
    try expectParts(ofFile: expected.path)
  }

  /// With subsampled chroma and without, with odd extents and blocks cut off at the edges.
  @Test(
    arguments: [(200, 150), (199, 151), (64, 17)],
    [
      EncodingOptions(jpegQuality: 70), EncodingOptions(jpegQuality: 100),
      EncodingOptions(jpegQuality: 70, isProgressive: true),
    ])
  func aPartOfAJPEGIsThatOfTheWhole(
    extents: (width: Int, height: Int), options: EncodingOptions
  ) throws {
    let (width, height) = extents
    let samples = (0..<width * height * 3).map { index -> UInt8 in
      let (x, y, channel) = (index / 3 % width, index / 3 / width, index % 3)
      return UInt8((x * (3 + channel) ^ y * (5 - channel)) & 255)
    }
    let image = Image(
      width: width, height: height, colorModel: .rgb, samples: .bits8(samples))
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).jpg").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(ImageWriter.encode(image, format: .jpeg, options: options))
      .write(to: URL(fileURLWithPath: path))
    try expectParts(ofFile: path)
  }

  @Test func otherExtentsAreRefused() throws {
    for name in ["grey.jpg", "grey-8.png", "grey-8-interlaced.png"] {
      let header = try ImageReader.header(path: Fixtures.path(name))
      let window = ImageWindow(
        x: 0, y: 0, width: 1, height: 1,
        of: ImageWindow.Extents(width: header.width + 1, height: header.height))
      let error = #expect(throws: ImageError.self) {
        try ImageReader.read(path: Fixtures.path(name), window: window)
      }
      #expect(error?.message.contains("expected \(header.width + 1)x\(header.height)") == true)
    }
  }

  @Test(arguments: Fixtures.damaged)
  func damagedFilesDoNotCrash(_ name: String) {
    let path = Fixtures.path("damaged/" + name)
    guard let header = try? ImageReader.header(path: path) else { return }
    let whole = ImageWindow.Extents(width: header.width, height: header.height)
    guard whole.width * whole.height <= 1 << 20 else { return }
    for window in Self.windows(whole.width, whole.height) {
      _ = try? ImageReader.read(path: path, window: window)
    }
  }
}
