package dev.headroom.service;

import dev.headroom.testkit.house.HouseTest;

class HouseServiceTest extends HouseTest {}
