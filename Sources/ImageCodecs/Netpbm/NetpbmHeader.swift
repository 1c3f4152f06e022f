/// The header of a PBM, PGM, PPM or PAM file (the manual pages pbm(5), pgm(5), ppm(5) and pam(5) of
/// Netpbm).
struct NetpbmHeader {
  /// '1' to '7', the second byte of the file.
  let kind: UInt8
  let width: Int
  let height: Int
  /// Samples of a pixel.
  let channels: Int
  /// The sample that stands for white: 1 to 65,535.
  let maximum: Int
  /// Where the samples begin.
  let start: Int

  /// Whether samples are decimal numbers.
  var isPlain: Bool { kind <= UInt8(ascii: "3") }
  /// Whether samples are single bits, of which 1 is black.
  var isBitmap: Bool { kind == UInt8(ascii: "1") || kind == UInt8(ascii: "4") }
  var sampleBytes: Int { maximum > 255 ? 2 : 1 }
  /// Bytes of the samples; nil where they are decimal numbers.
  var length: Int? {
    if isPlain { return nil }
    return isBitmap ? (width + 7) / 8 * height : width * height * channels * sampleBytes
  }
  var colorModel: Image.ColorModel { Image.ColorModel(rawValue: channels) ?? .rgba }
  var depth: Int { maximum > 255 ? 16 : 8 }

  /// The longest header that is read: comments may stand in it.
  static let limit = 1 << 16

  enum Fault: Error {
    /// The bytes end within the header.
    case cut
    case bad(String)
  }

  /// - Parameter byte: the byte at an offset from the start; nil behind the end.
  init(_ byte: @escaping (Int) throws -> UInt8?) throws {
    var reader = Reader(byte: byte)
    guard try byte(0) == UInt8(ascii: "P"), let kind = try byte(1) else { throw Fault.cut }
    self.kind = kind
    if kind == UInt8(ascii: "7") {
      let fields = try reader.fields()
      width = fields["WIDTH"] ?? 0
      height = fields["HEIGHT"] ?? 0
      channels = fields["DEPTH"] ?? 0
      maximum = fields["MAXVAL"] ?? 0
    } else {
      width = try reader.number()
      height = try reader.number()
      channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
      maximum = kind == UInt8(ascii: "1") || kind == UInt8(ascii: "4") ? 1 : try reader.number()
      // One character of white space.
      reader.offset += 1
    }
    start = reader.offset
    guard 1...1 << 28 ~= width, 1...1 << 28 ~= height else {
      throw Fault.bad("\(width)x\(height) is no extent")
    }
    guard 1...4 ~= channels else { throw Fault.bad("\(channels) samples a pixel, expected 1 to 4") }
    guard 1...65_535 ~= maximum else {
      throw Fault.bad("a largest sample of \(maximum), expected 1 to 65535")
    }
  }

  private struct Reader {
    let byte: (Int) throws -> UInt8?
    var offset = 2

    mutating func next() throws -> UInt8 {
      guard offset < NetpbmHeader.limit else { throw Fault.bad("a header of more than 64 kB") }
      guard let found = try byte(offset) else { throw Fault.cut }
      offset += 1
      return found
    }

    /// A whole number after white space and comments; the byte behind it is not taken.
    mutating func number() throws -> Int {
      while true {
        let found = try next()
        if found == UInt8(ascii: "#") {
          while try next() != 0x0A {}
        } else if !(found == 0x20 || 0x09...0x0D ~= found) {
          offset -= 1
          break
        }
      }
      let first = offset
      var value = 0
      while let digit = try byte(offset), 0x30...0x39 ~= digit, offset - first < 10 {
        value = 10 * value + Int(digit - 0x30)
        offset += 1
      }
      guard offset > first else { throw Fault.bad("no number where one is expected in the header") }
      return value
    }

    /// The lines of a PAM header up to ENDHDR.
    mutating func fields() throws -> [String: Int] {
      guard try next() == 0x0A else { throw Fault.bad("no line end behind P7") }
      var fields: [String: Int] = [:]
      while true {
        var line: [UInt8] = []
        while case let found = try next(), found != 0x0A { line.append(found) }
        let words = String(decoding: line, as: UTF8.self).split {
          $0 == " " || $0 == "\t" || $0 == "\r"
        }
        guard let name = words.first, !name.hasPrefix("#") else { continue }
        if name == "ENDHDR" { return fields }
        if words.count == 2, let value = Int(words[1]) { fields[String(name)] = value }
      }
    }
  }

  /// The header of the file that `source` holds.
  ///
  /// - Throws: `ImageError` of kind `badData`.
  static func read(from source: ByteSource, name: String, format: String) throws -> NetpbmHeader {
    var bytes = try source.read(at: 0, count: 4096)
    func damaged(_ words: String) -> ImageError {
      ImageError(kind: .badData, path: name, message: "damaged \(format): \(words)")
    }
    while true {
      do {
        return try NetpbmHeader { [bytes] in $0 < bytes.count ? bytes[$0] : nil }
      } catch Fault.cut {
        let more = try source.read(at: bytes.count, count: min(bytes.count, limit))
        guard !more.isEmpty, bytes.count < limit else {
          throw damaged("the file ends within the header")
        }
        bytes += more
      } catch Fault.bad(let words) {
        throw damaged(words)
      }
    }
  }

  /// The header that a stream stands at; nil where the stream ends within it or it is none.
  static func read(from stream: StreamCursor) throws -> NetpbmHeader? {
    do {
      return try NetpbmHeader(stream.byte)
    } catch is Fault {
      return nil
    }
  }
}
