import Checkpoints
import Files
import ImageCodecs
import Pictures

/// What a picture file says of itself, and its noise, in words and as JSON.
package struct PictureReport {
  private let path: String
  private let header: ImageHeader
  private let image: Image
  private let noise: NoiseModel

  /// Whether a path leads to a picture, of a format that is read or of one that is known.
  package static func isPicture(_ path: String) -> Bool {
    guard Paths.isRegularFile(path), let file = try? ReadableFile(path: path),
      let first = try? file.read(at: 0, count: 32)
    else { return false }
    return ImageFormat(firstBytes: first) != nil
      || ForeignFormat(firstBytes: first)?.isArchive == false
  }

  /// Whether a path leads to a picture or to a file of many that training reads: IDX, gzip, `.npy`, `.npz`.
  package static func isRead(_ path: String) -> Bool {
    if isPicture(path) { return true }
    let first = try? ReadableFile(path: path).read(at: 0, count: 3)
    return first == [0, 0, 8] || first == Array("PK".utf8) + [3]
      || first == Array([0x93] + "NU".utf8)
      || first?.starts(with: [0x1F, 0x8B]) ?? false
  }

  /// Whether a path's extension is that of a picture.
  package static func isNamed(by path: String) -> Bool {
    ImageFormat(path: path) != nil || ForeignFormat.isNamed(by: path)
  }

  /// - Parameter noise: reads the noise off.
  /// - Throws: `ImageError`.
  package init(path: String, limits: ImageLimits, noise reader: PictureNoise) throws {
    self.path = path
    header = try ImageReader.header(path: path)
    image = try ImageReader.read(path: path, limits: limits)
    noise = try reader.levels(of: Picture(image))
  }

  /// Lines of a name and a value.
  package var text: String {
    let metadata = image.metadata
    let quality = metadata.jpegQuality.map { ", quality \($0)" } ?? ""
    var lines = [
      line("picture", Printable.escaped(path)),
      line("format", header.format.displayName + quality),
      line("size", "\(image.width)x\(image.height)"),
      line("samples", "\(depth) bits, \(model)"),
    ]
    if header.pages > 1 { lines.append(line("pages", "\(header.pages)")) }
    if header.orientation != .upright {
      lines.append(line("orientation", "\(header.orientation.rawValue) (applied)"))
    }
    if let range = metadata.valueRange {
      lines.append(line("range", "\(range.lower) to \(range.upper)"))
    }
    if let film = metadata.film {
      lines.append(
        line("film", Printable.escaped((film.parameters + ["C" + film.tag]).joined(separator: " ")))
      )
    }
    if let profile = metadata.iccProfile {
      lines.append(line("profile", "ICC, \(profile.count) bytes"))
    } else if let points = metadata.codePoints {
      lines.append(line("profile", "cICP " + points.map { "\($0)" }.joined(separator: "-")))
    } else if let calibration = metadata.calibration {
      let gamma = calibration.gamma.map { "gamma \(decimal(Double($0) / 100_000, 5))" }
      lines.append(
        line("profile", calibration.renderingIntent != nil ? "sRGB" : gamma ?? "primaries"))
    }
    if let resolution = metadata.resolution {
      lines.append(
        line(
          "resolution",
          "\(number(resolution.horizontal))x\(number(resolution.vertical))\(unit(resolution))"))
    }
    let blocks = blocks(metadata)
    if !blocks.isEmpty { lines.append(line("metadata", blocks.joined(separator: ", "))) }
    lines.append(line("noise", "\(noise.text), estimated"))
    lines += metadata.text.filter { $0.keyword != "XML:com.adobe.xmp" }.map {
      line("text", Printable.escaped("\($0.keyword): \($0.value)", limit: 1000))
    }
    lines += metadata.remarks.map { line("remark", $0) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// An object with all of it.
  package var json: JSONValue {
    let metadata = image.metadata
    var members = [
      JSONMember("picture", .string(Printable.path(path))),
      JSONMember("format", .string(header.format.name)),
      JSONMember("width", JSONValue(image.width)), JSONMember("height", JSONValue(image.height)),
      JSONMember("depth", JSONValue(depth)),
      JSONMember("channels", JSONValue(image.colorModel.colorChannels)),
      JSONMember("alpha", .bool(image.colorModel.hasAlpha)),
      JSONMember("pages", JSONValue(header.pages)),
      JSONMember("orientation", JSONValue(header.orientation.rawValue)),
      JSONMember("noise", noise.json),
      JSONMember("icc_profile_bytes", metadata.iccProfile.map { JSONValue($0.count) } ?? .null),
      JSONMember("metadata", .array(blocks(metadata).map { .string($0) })),
      JSONMember(
        "texts",
        .array(
          metadata.text.map { ["keyword": .string($0.keyword), "value": .string($0.value)] })),
      JSONMember("remarks", .array(metadata.remarks.map { .string($0) })),
    ]
    if let quality = metadata.jpegQuality {
      members.append(JSONMember("jpeg_quality", JSONValue(quality)))
    }
    if let range = metadata.valueRange {
      members.append(JSONMember("range", JSONValue([range.lower, range.upper])))
    }
    if let points = metadata.codePoints {
      members.append(JSONMember("code_points", .array(points.map { JSONValue($0) })))
    }
    return .object(members)
  }

  private var model: String {
    (image.colorModel.colorChannels == 1 ? "gray" : "color")
      + (image.colorModel.hasAlpha ? " with alpha" : "")
  }

  /// Bits of a sample in the file; those of films are read as 16.
  private var depth: Int { image.metadata.film?.depth ?? image.depth }

  private func number(_ number: Double) -> String {
    number == number.rounded() && number < 1e10 ? "\(Int(number))" : "\(number)"
  }

  private func unit(_ resolution: Resolution) -> String {
    switch resolution.unit {
    case .inch: " per inch"
    case .centimeter: " per centimetre"
    case .meter: " per metre"
    case .none: ""
    }
  }

  private func blocks(_ metadata: Metadata) -> [String] {
    var blocks: [String] = []
    if metadata.exif != nil { blocks.append("EXIF") }
    if metadata.photoshopResources != nil { blocks.append("IPTC") }
    if metadata.text.contains(where: { $0.keyword == "XML:com.adobe.xmp" }) { blocks.append("XMP") }
    return blocks
  }

  private func line(_ name: String, _ value: String) -> String { padded(name, 14) + value }
}
