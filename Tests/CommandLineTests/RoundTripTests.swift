import Foundation
import ImageCodecs
import Testing

/// What comes out of `denoise --strength 0` is what went in: every format, depth, color model and kind of note.
@Suite("pictures from which nothing is taken") struct RoundTripTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/images").path

  /// Restores nothing of pictures.
  private func pass(_ inputs: [String], to output: String, _ more: String...) throws -> String {
    let result = try Program.run(
      ["denoise"] + inputs + [
        "--strength", "0", "-m", ConditionalCommandTests.model, "--no-record", "-o", output,
      ] + more)
    #expect(result.exitCode == 0, "\(result.errors)")
    return result.errors
  }

  /// Pixels that use the whole range.
  private func picture(_ model: Image.ColorModel, _ depth: Int) -> Image {
    let (width, height) = (13, 11)
    let last = width * height * model.channels - 1
    let samples: Image.Samples =
      depth == 8
      ? .bits8((0...last).map { $0 == last ? 255 : UInt8(truncatingIfNeeded: $0 &* 37) })
      : .bits16((0...last).map { $0 == last ? 65_535 : UInt16(truncatingIfNeeded: $0 &* 9_973) })
    return Image(width: width, height: height, colorModel: model, samples: samples)
  }

  /// EXIF with a directory of its own for the exposure: ISO 400, version 2.32.
  private static let exif: [UInt8] =
    Array("II*\0".utf8) + [8, 0, 0, 0, 2, 0]
    + [0x12, 0x01, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0] + [0x69, 0x87, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]
    + [0, 0, 0, 0, 2, 0] + [0x27, 0x88, 3, 0, 1, 0, 0, 0, 0x90, 0x01, 0, 0]
    + [0x00, 0x90, 7, 0, 4, 0, 0, 0] + Array("0232".utf8) + [0, 0, 0, 0]

  /// All that formats can say of a picture beside its pixels.
  private func spoken(_ image: Image) throws -> Image {
    let source = try ImageReader.read(path: Self.fixtures + "/metadata.png").metadata
    var metadata = source
    if image.colorModel.colorChannels == 1, var profile = source.iccProfile {
      profile.replaceSubrange(16..<20, with: "GRAY".utf8)
      metadata.iccProfile = profile
    }
    metadata.exif = Self.exif
    metadata.text.append(
      .init(
        keyword: "XML:com.adobe.xmp",
        value: #"<x:xmpmeta xmlns:x="adobe:ns:meta/"><r dc:x="2"/></x:xmpmeta>"#))
    metadata.text.append(
      .init(keyword: "Title", value: "Bär", language: "de", translatedKeyword: "Überschrift"))
    metadata.resolution = Resolution(horizontal: 300, vertical: 150, unit: .inch)
    metadata.photoshopResources =
      Array("8BIM".utf8) + [4, 4, 0, 0, 0, 0, 0, 8, 0x1C, 2, 120, 0, 3, 65, 66, 67]
    if image.colorModel.colorChannels == 3 { metadata.codePoints = [9, 16, 0, 1] }
    var image = image
    image.metadata = metadata
    return image
  }

  /// What a file says, without what is told of the file itself.
  private func notes(_ image: Image) -> Metadata {
    var metadata = image.metadata
    metadata.jpegFile = nil
    metadata.jpegQuality = nil
    return metadata
  }

  @Test(
    "every depth and colour model of every format, with notes and without",
    arguments: ImageFormat.allCases.filter { $0 != .y4m })
  func formats(format: ImageFormat) throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("in"), withIntermediateDirectories: false)
    var names: [String] = []
    for model in Image.ColorModel.allCases where format.capabilities.hasAlpha || !model.hasAlpha {
      for depth in [8, 16] where depth <= format.capabilities.depth {
        for isSpoken in [false, true] {
          var image = picture(model, depth)
          if isSpoken { image = try spoken(image) }
          names.append("\(model)-\(depth)\(isSpoken ? "-notes" : "").\(format.fileExtension)")
          try ImageWriter.write(
            image, to: folder("in/" + names[names.count - 1]),
            options: EncodingOptions(jpegQuality: 100))
        }
      }
    }
    let lossless = format == .webp ? ["--quality", "100"] : []
    #expect(try pass([folder("in")] + lossless, to: folder("out/")) == "")
    for name in names {
      let before = try ImageReader.read(path: folder("in/" + name))
      let after = try ImageReader.read(path: folder("out/" + name))
      #expect((after.width, after.height) == (before.width, before.height))
      #expect(after.colorModel == before.colorModel && after.depth == before.depth)
      #expect(notes(after) == notes(before), "\(name)")
      // JPEG is coded anew.
      if format != .jpeg { #expect(after.samples == before.samples, "\(name)") }
      guard name.contains("notes") else { continue }
      let kinds = before.metadata
      if format.capabilities.hasProfile && format != .pam {
        #expect(kinds.exif != nil && !kinds.text.isEmpty, "\(name)")
        // WebP has no gray, and a profile of gray describes no colors.
        #expect(kinds.iccProfile != nil || format == .webp && name.contains("gray"), "\(name)")
      }
      if [.png, .jpeg, .tiff].contains(format) {
        #expect(kinds.photoshopResources != nil && kinds.resolution != nil, "\(name)")
      }
      if format == .png {
        #expect(kinds.text.contains { $0.language == "de" })
        #expect(kinds.codePoints != nil || before.colorModel.colorChannels == 1)
      }
    }
  }

  @Test("what PNG files say of their colours without a profile")
  func calibrations() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("in"), withIntermediateDirectories: false)
    let calibrations = [
      ColorCalibration(gamma: 45_455),
      ColorCalibration(
        gamma: 100_000,
        chromaticities: [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]),
      ColorCalibration(renderingIntent: 1),
    ]
    for (index, calibration) in calibrations.enumerated() {
      var image = picture(.rgb, 16)
      image.metadata.calibration = calibration
      try ImageWriter.write(image, to: folder("in/\(index).png"))
    }
    #expect(try pass([folder("in")], to: folder("out/")) == "")
    for index in calibrations.indices {
      let before = try ImageReader.read(path: folder("in/\(index).png"))
      #expect(before.metadata.calibration == calibrations[index])
      #expect(try ImageReader.read(path: folder("out/\(index).png")) == before)
    }
  }

  @Test("palettes, few bits, transparent colours, interlacing, CMYK, subsampling, orientation")
  func kindsOfFiles() throws {
    let folder = try Folder()
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures)
    for ending in ["png", "jpg"] {
      let files = names.filter { $0.hasSuffix("." + ending) }
      #expect(files.count > 20)
      _ = try pass(
        files.map { Self.fixtures + "/" + $0 }, to: folder(ending + "/"), "--format", "png")
      for file in files {
        let before = try ImageReader.read(path: Self.fixtures + "/" + file)
        let after = try ImageReader.read(path: folder("\(ending)/\(file.dropLast(4)).png"))
        #expect(after.samples == before.samples, "\(file)")
        #expect(after.metadata.exif == before.metadata.exif, "\(file)")
        #expect(after.metadata.text == before.metadata.text, "\(file)")
        #expect(after.metadata.iccProfile == before.metadata.iccProfile, "\(file)")
        guard ending == "png" else { continue }
        let raw = try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/\(file).raw"))
        switch after.samples {
        case .bits8(let samples): #expect(Data(samples) == raw, "\(file)")
        case .bits16(let samples):
          #expect(
            samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } == [UInt8](raw),
            "\(file)")
        }
      }
    }
  }

  @Test(
    "from PNG to every lossless format and back",
    arguments: ImageFormat.allCases.filter { $0 != .y4m && $0 != .jpeg && $0 != .png })
  func throughAnother(format: ImageFormat) throws {
    let folder = try Folder()
    for model in Image.ColorModel.allCases where format.capabilities.hasAlpha || !model.hasAlpha {
      for depth in [8, 16] where depth <= format.capabilities.depth {
        let before = picture(model, depth)
        try ImageWriter.write(before, to: folder("a.png"))
        let path = folder("a." + format.fileExtension)
        let options: [String] = format == .webp ? ["--quality", "100"] : []
        #expect(try pass([folder("a.png")] + options, to: path) == "")
        #expect(try pass([path], to: folder("b.png"), "--depth", "\(depth)") == "")
        var after = try ImageReader.read(path: folder("b.png"))
        // WebP has no gray.
        if format == .webp && model.colorChannels == 1 {
          after = try #require(after.withEqualChannels)
        }
        #expect(after.samples == before.samples, "\(model) of \(depth) bits")
      }
    }
  }

  @Test("floating-point numbers in their own range", arguments: ["pfm", "tif"])
  func floatingPoint(ending: String) throws {
    guard ImageFormat(path: "a." + ending) != nil else { return }
    let folder = try Folder()
    var image = picture(.rgb, 16)
    image.metadata.valueRange = .init(lower: -3.5, upper: 1000)
    try ImageWriter.write(image, to: folder("a." + ending))
    #expect(try pass([folder("a." + ending)], to: folder("b." + ending)) == "")
    let before = try ImageReader.read(path: folder("a." + ending))
    #expect(before.samples == image.samples && before.metadata.valueRange?.lower == -3.5)
    #expect(try ImageReader.read(path: folder("b." + ending)) == before)
  }

  @Test("pages of a stack, each with its notes")
  func pages() throws {
    guard let tiff = ImageFormat(name: "tiff") else { return }
    let folder = try Folder()
    let pages = [
      try spoken(picture(.rgb, 16)), picture(.gray, 8), try spoken(picture(.rgba, 8)),
    ]
    try Data(try ImageWriter.encode(pages: pages, format: tiff)).write(to: folder.url("a.tif"))
    #expect(try pass([folder("a.tif")], to: folder("b.tif")) == "")
    let (before, after) = ([UInt8](try folder.data("a.tif")), [UInt8](try folder.data("b.tif")))
    #expect(try ImageReader.pageCount(bytes: after, name: "b") == 3)
    for page in 0..<3 {
      #expect(
        try ImageReader.read(bytes: after, page: page, name: "b")
          == ImageReader.read(bytes: before, page: page, name: "a"))
    }
  }

  @Test(
    "films byte for byte",
    arguments: [
      "C420jpeg", "C420mpeg2", "C420paldv", "C420", "C422", "C444", "Cmono", "C420p10", "C422p12",
      "C444p14", "C444p16", "Cmono16", "C420jpeg XCOLORRANGE=FULL",
    ])
  func films(tag: String) throws {
    let folder = try Folder()
    let (width, height) = (7, 5)
    let word = tag.split(separator: " ")[0]
    let across = word.contains("444") ? 1 : 2
    let down = word.contains("420") ? 2 : 1
    let places = ((width + across - 1) / across) * ((height + down - 1) / down)
    let bits =
      word.hasPrefix("Cmono")
      ? Int(word.dropFirst(5)) ?? 8
      : word.split(separator: "p").dropFirst().compactMap { Int($0) }.first ?? 8
    var film = Data("YUV4MPEG2 W\(width) H\(height) F30000:1001 Ip A1:1".utf8)
    if tag.contains("FULL") { film += Data(" XCOLORRANGE=FULL".utf8) }
    film += Data(" \(word)\n".utf8)
    for frame in 0..<3 {
      film += Data("FRAME\n".utf8)
      let luma = (0..<width * height).map {
        (60 << (bits - 8)) + ($0 &* 37 + frame) % (120 << (bits - 8))
      }
      let chroma = (0..<2 * places).map { (118 << (bits - 8)) + ($0 &* 13) % (20 << (bits - 8)) }
      for sample in luma + (word.hasPrefix("Cmono") ? [] : chroma) {
        film.append(UInt8(truncatingIfNeeded: sample))
        if bits > 8 { film.append(UInt8(sample >> 8)) }
      }
    }
    try film.write(to: folder.url("a.y4m"))
    #expect(try pass([folder("a.y4m")], to: folder("b.y4m")) == "")
    #expect(try folder.data("b.y4m") == film)
  }
}

extension Image {
  /// The picture with one color channel, where all of them are equal; nil where they are not.
  fileprivate var withEqualChannels: Image? {
    guard case .bits8(let samples) = samples, colorModel.colorChannels == 3 else { return nil }
    let (from, to) = (colorModel.channels, colorModel.hasAlpha ? 2 : 1)
    var kept: [UInt8] = []
    for start in stride(from: 0, to: samples.count, by: from) {
      guard samples[start] == samples[start + 1], samples[start] == samples[start + 2] else {
        return nil
      }
      kept.append(samples[start])
      if to == 2 { kept.append(samples[start + 3]) }
    }
    return Image(
      width: width, height: height, colorModel: to == 2 ? .grayAlpha : .gray,
      samples: .bits8(kept))
  }
}
