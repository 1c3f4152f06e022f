import Files
import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite struct LatentStreamTests {
  static let records = [
    LatentRecord(
      source: "a \"b\".png", shape: [3], mean: [0.1, -2, 3e-38], logVariance: [-1, 0.25, 1e10]),
    LatentRecord(
      source: "c.png", shape: [3], mean: [1, .pi, -0.0], logVariance: [0, -3.5, 16_777_213]),
  ]

  /// All records in `bytes`, read through a pipe.
  static func read(_ bytes: [UInt8], shape: Shape? = [3]) throws -> [LatentRecord] {
    let pipe = Pipe()
    let writer = Thread {
      pipe.fileHandleForWriting.write(Data(bytes))
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    let reader = LatentStreamReader(
      descriptor: pipe.fileHandleForReading.fileDescriptor, name: "z", latentShape: shape)
    var records: [LatentRecord] = []
    defer { _ = try? pipe.fileHandleForReading.readToEnd() }
    while let record = try reader.next() { records.append(record) }
    return records
  }

  static func array(
    _ descriptor: String, order: String = "False", shape: String, version: UInt8 = 1,
    _ data: [UInt8]
  ) -> [UInt8] {
    let text = "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    let length = UInt8(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [version, 0, length, 0]
      + (version == 1 ? [] : [0, 0]) + Array(text.utf8) + data
  }

  @Test(arguments: LatentStreamFormat.allCases, [true, false])
  func roundTrip(format: LatentStreamFormat, variance: Bool) throws {
    for count in [2, nil] {
      var writer = LatentStreamWriter(format: format, count: count, variance: variance)
      var bytes: [UInt8] = []
      for record in Self.records { bytes += try writer.encode(record) }
      bytes += try writer.finish()
      let back = try Self.read(bytes)
      #expect(back.map(\.mean) == Self.records.map(\.mean))
      #expect(back.map(\.logVariance) == Self.records.map { variance ? $0.logVariance : nil })
      #expect(
        back.map(\.source) == Self.records.map { format == .ndjson ? $0.source : nil })
      let unshaped = try Self.read(bytes, shape: nil)
      #expect(unshaped.count == 2)
    }
  }

  @Test func goldenText() throws {
    var writer = LatentStreamWriter(format: .text, variance: true)
    let line = String(decoding: try writer.encode(Self.records[0]), as: UTF8.self)
    #expect(
      line == "# latent {\"kind\":[\"mean\",\"log_variance\"],\"latents\":3}\n"
        + "0.1\t-2.0\t3e-38\t-1.0\t0.25\t1e+10\n")
  }

  @Test func goldenNDJSON() throws {
    var writer = LatentStreamWriter(format: .ndjson)
    let line = String(decoding: try writer.encode(Self.records[1]), as: UTF8.self)
    #expect(line == "{\"source\":\"c.png\",\"shape\":[3],\"mean\":[1.0,3.1415925,-0.0]}\n")
  }

  @Test("objects carry the picture's extents where the record has them")
  func extents() throws {
    let record = LatentRecord(image: [3, 5, 7], shape: [2], mean: [1, 2])
    var writer = LatentStreamWriter(format: .ndjson)
    let bytes = try writer.encode(record)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "{\"image\":[3,5,7],\"shape\":[2],\"mean\":[1.0,2.0]}\n")
    #expect(try Self.read(bytes, shape: nil) == [record])
    let error = #expect(throws: FileError.self) {
      try Self.read(Array(#"{"image":[3,0,7],"mean":[1]}"#.utf8), shape: nil)
    }
    #expect(error?.description.contains("\"image\" to hold positive integers") == true)
  }

  @Test("objects carry the groups where the record has them")
  func groups() throws {
    let groups = [
      LatentRecord.Group(name: "2x1.1", shape: [1, 1, 2]),
      LatentRecord.Group(name: "1x1.1", shape: [1, 1, 1]),
    ]
    let record = LatentRecord(groups: groups, shape: [3], mean: [1, 2, 3])
    var writer = LatentStreamWriter(format: .ndjson)
    let bytes = try writer.encode(record)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"groups":[{"name":"2x1.1","shape":[1,1,2]},{"name":"1x1.1","shape":[1,1,1]}],"#
        + #""shape":[3],"mean":[1.0,2.0,3.0]}"# + "\n")
    #expect(try Self.read(bytes, shape: nil) == [record])
    // In another order, so that the general reader takes it.
    let other = #"{"mean":[1,2,3],"groups":[{"shape":[3],"name":"a\u0062"}]}"#
    let read = try Self.read(Array(other.utf8), shape: nil)
    #expect(read.first?.groups == [LatentRecord.Group(name: "ab", shape: [3])])
    for (groups, reason) in [
      ("7", "to be an array"), ("[1]", "groups of \"name\""), (#"[{"name":"a"}]"#, "groups of"),
      (#"[{"name":"a","shape":[2]}]"#, "groups of 1 numbers"),
      (#"[{"name":"a","shape":[0]}]"#, "positive integers"),
    ] {
      let error = #expect(throws: FileError.self) {
        try Self.read(Array(#"{"groups":\#(groups),"mean":[1]}"#.utf8), shape: nil)
      }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test func goldenNPY() throws {
    var writer = LatentStreamWriter(format: .npy, count: 1)
    let bytes = try writer.encode(LatentRecord(shape: [2], mean: [1, -2]))
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
    #expect(bytes.count == 128 + 8)
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(bytes[10...].starts(with: header.utf8))
    #expect(bytes[127] == 10 && bytes[126] == 32)
    #expect(Array(bytes[128...]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test func emptyArray() throws {
    let writer = LatentStreamWriter(format: .npy, count: 0)
    #expect(try Self.read(writer.finish(latentSize: 3)).isEmpty)
    #expect(try Self.read([]).isEmpty)
  }

  @Test func textInItsVariety() throws {
    let text = "\u{FEFF}# header\n\n1, 2e0,\t-.5E+1 # note\r\n  4 5 6\n[7; 8; (9.)]\n+1 2 3"
    let records = try Self.read(Array(text.utf8))
    #expect(records.map(\.mean) == [[1, 2, -5], [4, 5, 6], [7, 8, 9], [1, 2, 3]])
    #expect(records.allSatisfy { $0.logVariance == nil })
  }

  @Test func headersSayWhatRecordsHold() throws {
    let text =
      #"# latent {"kind":["mean","log_variance"],"model":"m","fingerprint":"0f"}"#
      + "\n1 2 3 4 5 6\n"
    for shape in [[3], nil] as [Shape?] {
      let records = try Self.read(Array(text.utf8), shape: shape)
      #expect(records.map(\.mean) == [[1, 2, 3]] && records.map(\.logVariance) == [[4, 5, 6]])
      #expect(records[0].origin == LatentOrigin(model: "m", fingerprint: "0f"))
    }
    for header in [#"# latent {"kind":["mean","x"]}"#, "# latent {", #"# latent {"latents":3}"#] {
      #expect(throws: FileError.self) { try Self.read(Array((header + "\n1 2 3\n").utf8)) }
    }
    var writer = LatentStreamWriter(
      format: .ndjson, origin: LatentOrigin(model: "m", fingerprint: "0f"))
    let bytes = try writer.encode(Self.records[0])
    #expect(try Self.read(bytes)[0].origin == LatentOrigin(model: "m", fingerprint: "0f"))
  }

  @Test func objectsMaySpreadOverLines() throws {
    let text =
      "{\n  \"source\": \"a}[\",\n  \"mean\": [\n    1,\n    2,\n    3\n  ]\n}\n{\"mean\":[4,5,6]}\n"
    let records = try Self.read(Array(text.utf8))
    #expect(records.map(\.mean) == [[1, 2, 3], [4, 5, 6]] && records[0].source == "a}[")
  }

  /// The reader's own conversion against Swift's, where digits, exponents and rounding are hard.
  @Test func numbersAreTheNearest() throws {
    var words = [
      "0", "-0.0", "1", "16777217", "16777219", "8388608.5", "8388609.5", "1e-45", "1.17549435e-38",
      "1.17549428e-38", "3.4028235e38", "0.1", "9007199254740993",
      "123456789012345678901",
      "1.00000017881393432617187499", "1.00000017881393432617187500",
      "1.00000017881393432617187501",
      "5.960464477539063e-8", "7e-46", "1e22", "1e23", "4.35e-30", "00012", "1.", ".5", "1e+05",
    ]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Float(bitPattern: UInt32(state >> 32))
      if number.isFinite { words.append(number.description) }
      words.append("\(Double(state >> 11) / 0x1p50 - 4)")
    }
    let line = words.joined(separator: " ")
    let numbers = try Self.read(Array(line.utf8), shape: [words.count])[0].mean
    for (word, number) in zip(words, numbers) {
      #expect(Float(word)?.bitPattern == number.bitPattern, "\(word)")
    }
  }

  @Test(
    arguments: [
      ("<f4", "(3,)", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40]),
      (">f4", "(1, 3)", [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0]),
      ("<f2", "(3, 1, 1)", [0, 0x3C, 0, 0x40, 0, 0x42]),
      ("|i1", "(3,)", [1, 2, 3]),
      (">i2", "(3,)", [0, 1, 0, 2, 0, 3]),
      ("<u4", "(3,)", [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]),
      (
        ">f8", "(3,)",
        [0x3F, 0xF0] + [UInt8](repeating: 0, count: 6) + [0x40] + [UInt8](repeating: 0, count: 7)
          + [0x40, 8] + [UInt8](repeating: 0, count: 6)
      ),
    ] as [(String, String, [UInt8])])
  func elementTypes(descriptor: String, shape: String, data: [UInt8]) throws {
    for version: UInt8 in 1...3 {
      let bytes = Self.array(descriptor, shape: shape, version: version, data)
      #expect(try Self.read(bytes + bytes).map(\.mean) == [[1, 2, 3], [1, 2, 3]])
    }
  }

  @Test func columnMajor() throws {
    let bytes = Self.array("|i1", order: "True", shape: "(2, 3)", [1, 4, 2, 5, 3, 6])
    #expect(try Self.read(bytes).map(\.mean) == [[1, 2, 3], [4, 5, 6]])
    let deep = Self.array("|i1", order: "True", shape: "(1, 2, 3)", [1, 4, 2, 5, 3, 6])
    #expect(try Self.read(deep, shape: [2, 3]).map(\.mean) == [[1, 2, 3, 4, 5, 6]])
  }

  @Test func negativeIntegers() throws {
    let bytes = Self.array("<i2", shape: "(3,)", [0xFF, 0xFF, 0, 0x80, 1, 0])
    #expect(try Self.read(bytes).map(\.mean) == [[-1, -32768, 1]])
  }

  @Test(arguments: [
    ("1 2 3\n\n1 2\n", "z: line 3: expected 3 numbers, found 2"),
    ("1 2 x", "z: line 1: expected a number, found 'x'"),
    ("1 2 nan", "z: line 1: expected a finite number, found 'nan'"),
    ("1 2 1e99", "z: line 1: expected a finite number, found '1e99'"),
    ("{\"mean\":[1,2,3]}\n{\"mean\":[1,2]}", "z: line 2: expected 3 numbers, found 2"),
    ("\n{\"mean\":[1,2,1e99]}", "z: line 2: expected finite numbers in \"mean\", found 1e99"),
    ("{\"shape\":[3]}", "z: line 1: expected \"mean\""),
    ("{\"mean\":[1,2,3],\"shape\":[1,3]}", "z: line 1: expected shape [3], found [1, 3]"),
    (
      "{\"mean\":[1,2,3],\"shape\":[-3]}", "z: line 1: expected \"shape\" to hold positive integers"
    ),
    ("{\"mean\":", "z: line 1: byte 8: expected a value, found the end of the text"),
  ])
  func namesTheLineAtFault(text: String, message: String) {
    let error = #expect(throws: (any Error).self) { try Self.read(Array(text.utf8)) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test func hostileArrays() {
    let cases: [([UInt8], String)] = [
      ([0x93, 0x4E], "expected the start of an array"),
      (Self.array("<f4", shape: "(3,)", version: 9, []), "version 9.0"),
      (Self.array("<f4", shape: "(4,)", []), "expected rows of 3 numbers"),
      (Self.array("<f4", shape: "(3,)", [0, 0]), "cut short"),
      (Self.array("|i1", shape: "(3,)", [1, 2, 3, 4]), "array 2: expected the start"),
      (Self.array("<c8", shape: "(3,)", []), "elements of type '<c8'"),
      (Self.array("<f16", shape: "(3,)", []), "elements of type '<f16'"),
      (Self.array("<f4", shape: "(-3,)", []), "expected an extent"),
      (Self.array("<f4", shape: "(9999999999999, 9999999999)", []), "too large"),
      (Self.array("<f4", order: "True", shape: "(9999999999999, 3)", []), "too large"),
      (Self.array("<f4", order: "Maybe", shape: "(3,)", []), "expected 'False'"),
      (Self.array("<f4", shape: "(3,), 'x': 1", []), "unknown key 'x'"),
      (
        Self.array("<f4", shape: "(3,)", [0, 0, 0xC0, 0x7F] + [UInt8](repeating: 0, count: 8)),
        "NaN"
      ),
    ]
    for (bytes, reason) in cases {
      let error = #expect(throws: (any Error).self) { try Self.read(bytes) }
      #expect(error.map { "\($0)".contains(reason) } == true, "\(String(describing: error))")
    }
  }

  @Test func deliversARecordBeforeTheStreamEnds() throws {
    for format in LatentStreamFormat.allCases {
      let pipe = Pipe()
      var writer = LatentStreamWriter(format: format)
      let reader = LatentStreamReader(
        descriptor: pipe.fileHandleForReading.fileDescriptor, latentShape: [3])
      for record in Self.records {
        pipe.fileHandleForWriting.write(Data(try writer.encode(record)))
        #expect(try reader.next()?.mean == record.mean)
      }
      #expect(reader.format == format)
    }
  }

  @Test func writerRefusesMisfits() throws {
    var text = LatentStreamWriter(format: .text)
    _ = try text.encode(Self.records[0])
    #expect(throws: (any Error).self) { try text.encode(LatentRecord(shape: [1], mean: [0])) }
    #expect(throws: (any Error).self) {
      try text.encode(LatentRecord(shape: [3], mean: [0, 0, .nan]))
    }
    var counted = LatentStreamWriter(format: .npy, count: 1, variance: true)
    #expect(throws: (any Error).self) {
      try counted.encode(LatentRecord(shape: [3], mean: [0, 0, 0]))
    }
    #expect(throws: (any Error).self) { try counted.finish() }
    _ = try counted.encode(Self.records[0])
    #expect(throws: (any Error).self) { try counted.encode(Self.records[1]) }
  }
}
